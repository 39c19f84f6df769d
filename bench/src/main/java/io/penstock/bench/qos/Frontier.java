package io.penstock.bench.qos;

import io.penstock.simulator.engine.SchedulingPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The most that a batch can do beside chat on an engine of vLLM's default policy.
final class Frontier {
    static final Duration HOW_LONG = Duration.ofMinutes(20);

    /// How much later chat's first word may come at p95.
    static final double BEARABLE = 1.10;

    private static final Way BEST = new Way(SchedulingPolicy.FCFS, true);

    /// More than an engine can do.
    private static final double TOO_MUCH = 30;

    private static final Map<QosPlan, Double> BEARABLE_LINES = new ConcurrentHashMap<>();
    private static final Map<QosPlan, Double> LEFT_LINES = new ConcurrentHashMap<>();

    private Frontier() {}

    /// How the lines are served.
    ///
    /// @param policy whether the engine serves chat first (vLLM's `--scheduling-policy priority`)
    /// @param waits whether a line that is due is held until no call awaits its first word
    record Way(SchedulingPolicy policy, boolean waits) {}

    /// An engine with its part of the plan's chat and so many lines a second, after `HOW_LONG`.
    static VirtualPool run(QosPlan plan, Way way, double linesPerSecond) {
        Sender sender = new EvenSender(linesPerSecond, way.waits());
        return VirtualPool.ofOne(plan, VirtualChat.Times.ALWAYS, way.policy(), sender)
                .run(HOW_LONG);
    }

    /// Lines a second that chat leaves one engine: as many as it does that has none, and in the bursts the most that
    /// chat can stand.
    static double left(QosPlan plan) {
        double bursts = plan.burstShare();
        return LEFT_LINES.computeIfAbsent(plan, _ -> (1 - bursts) * withoutChat(plan) + bursts * bearable(plan));
    }

    /// Lines a second of one engine that can be sent what it likes and has no chat.
    static double withoutChat(QosPlan plan) {
        return run(plan.chats(0), BEST, TOO_MUCH).linesPerSecond();
    }

    /// Lines a second of one engine beside which chat's p95 is `BEARABLE` times that of chat alone, to a hundredth.
    static double bearable(QosPlan plan) {
        return BEARABLE_LINES.computeIfAbsent(plan, Frontier::find);
    }

    private static double find(QosPlan plan) {
        double most = run(plan, BEST, 0).firstWord.percentile(0.95) * BEARABLE;
        double low = 0;
        double high = TOO_MUCH;
        while (high - low > 0.01) {
            double middle = (low + high) / 2;
            if (run(plan, BEST, middle).firstWord.percentile(0.95) <= most) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
