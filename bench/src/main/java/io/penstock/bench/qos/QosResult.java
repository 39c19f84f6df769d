package io.penstock.bench.qos;

import java.time.Duration;
import java.util.List;

/// What one scenario came to. Times are simulated milliseconds.
///
/// @param chats calls started; `failed` of them had no whole answer
/// @param batchLines batch lines that the engines finished in the measured time, and of those
/// @param inBursts in the bursts of chat
/// @param executions runs at the engines, aborted ones included, for each line that ended
record QosResult(
        Scenario scenario,
        Condition condition,
        int chats,
        int failed,
        Samples firstWord,
        Samples betweenWords,
        List<ChatWaves.Dot> dots,
        long batchLines,
        long inBursts,
        double executions,
        long preemptions,
        List<EngineWatch.Look> looks,
        double seconds) {
    double linesPerSecond() {
        return batchLines / seconds;
    }

    /// Lines a second while there is chat.
    double burstLinesPerSecond(QosPlan plan) {
        return inBursts / (seconds * plan.burstShare());
    }

    /// The scenario, and under what.
    String title() {
        return condition == Condition.NORMAL ? scenario.title : scenario.title + "; " + condition.title;
    }

    /// Its name among all results.
    String name() {
        return condition == Condition.NORMAL ? scenario.name() : scenario.name() + "-" + condition.wireName();
    }

    /// The fullest engine's KV use while there was no chat, and none for `settled` before.
    double kvMaxWithoutChat(QosPlan plan, Duration settled) {
        return looks.stream()
                .filter(look -> look.seconds() > settled.toSeconds())
                .filter(look -> !plan.isBurst(seconds(look.seconds()))
                        && !plan.isBurst(seconds(look.seconds()).minus(settled)))
                .mapToDouble(EngineWatch.Look::kvMax)
                .max()
                .orElse(0);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis((long) (seconds * 1000));
    }

    double kvMax() {
        return looks.stream().mapToDouble(EngineWatch.Look::kvMax).max().orElse(0);
    }

    double kvMean() {
        return looks.stream().mapToDouble(EngineWatch.Look::kvMean).average().orElse(0);
    }

    int waitingMax() {
        return looks.stream().mapToInt(EngineWatch.Look::waiting).max().orElse(0);
    }
}
