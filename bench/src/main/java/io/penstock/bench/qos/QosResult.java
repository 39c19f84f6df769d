package io.penstock.bench.qos;

import java.util.List;

/// What one scenario came to. Times are simulated milliseconds.
///
/// @param chats calls started; `failed` of them had no whole answer
/// @param batchLines batch lines that the engines finished in the measured time, and of those
/// @param inBursts in the bursts of chat
/// @param executions runs at the engines, aborted ones included, for each line that ended
record QosResult(
        Scenario scenario,
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
