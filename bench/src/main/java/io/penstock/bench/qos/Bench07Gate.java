package io.penstock.bench.qos;

import io.penstock.pool.kv.Ceilings;
import io.penstock.pool.kv.GatePolicy;
import io.penstock.simulator.engine.SchedulingPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/// 07: the gate by itself, on a virtual clock: what it lets chat feel, what it makes of what chat leaves, and how
/// full it fills the cache, over forty of chat's waves and under each condition. [Bench04Qos] asks the same of the
/// whole product, in real time and with the machine's chance in it; here the figures are the same on any machine, so
/// that two policies can be told apart by a hundredth.
///
/// Arguments: `--out DIR` for the page.
public final class Bench07Gate {
    /// Forty waves, some 27,000 calls.
    private static final Duration HOW_LONG = Duration.ofHours(2);

    private Bench07Gate() {}

    /// Prints the page, and writes it if told where.
    public static void main(String[] arguments) throws IOException {
        VirtualPage.report(page(QosPlan.DEFAULT), "benchmarks-gate.md", arguments);
    }

    private static String page(QosPlan plan) {
        VirtualPool alone = run(plan, new EvenSender(0, true));
        double left = Frontier.left(plan);
        StringBuilder page = new StringBuilder(head(plan, left));
        page.append(row("chat only", alone, alone, left));
        for (Condition condition : Condition.values()) {
            String name = "Penstock's gate" + (condition.title.isEmpty() ? "" : "; " + condition.title);
            page.append(row(name, run(plan, new GatedSender(plan, condition, GatePolicy.DEFAULT)), alone, left));
        }
        return page.toString();
    }

    private static String head(QosPlan plan, double left) {
        return String.format(
                Locale.ROOT,
                """
                # The gate on a virtual clock

                Written by `Bench07Gate` (bench/README.md has the command); do not edit.

                The gate as workers run it, by default settings, before one simulated engine (`%s`) with its part of the chat of
                [benchmarks.md](benchmarks.md), %.1f calls a second of %d tokens in and %d out in bursts of %d s with %d s between them, each up to 10 s late,
                for %d min, and more batch lines of the same size than can be done. A ticket comes 30 ms after its pull, the API's word of a call after 10 ms, metrics
                every 50 ms. Nothing else takes time, and nothing depends on the machine.

                - **what chat leaves**: %.2f lines a second: what the engine does when it has no chat and all the cache, and in bursts the most that chat can stand
                  ([benchmarks-frontier.md](benchmarks-frontier.md)).
                - **in bursts**: lines that end while there is chat, those among them that were begun before it.
                - **KV without chat**: the largest share of the cache in use then; the ceiling of background work is %.0f %%.

                | | chat TTFT p50 / p95 / p99, ms | × chat only | between words p50 / p95, ms | batch lines/s | in bursts | of what chat leaves | KV without chat | preemptions |
                |---|---|---|---|---|---|---|---|---|
                """,
                plan.profile(),
                plan.chatsPerSecond() / plan.engines(),
                plan.promptTokens(),
                plan.outputTokens(),
                plan.burst().toSeconds(),
                plan.idle().toSeconds(),
                HOW_LONG.toMinutes(),
                left,
                100 * Ceilings.DEFAULT.low());
    }

    private static VirtualPool run(QosPlan plan, Sender sender) {
        return VirtualPool.ofOne(plan, VirtualChat.Times.IN_BURSTS, SchedulingPolicy.FCFS, sender)
                .run(HOW_LONG);
    }

    private static String row(String name, VirtualPool engine, VirtualPool alone, double left) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %.2f | %.2f | %.2f | %.1f %% | %d |%n",
                name,
                engine.firstWords(),
                engine.firstWordsOver(alone),
                engine.wordToWord(),
                engine.linesPerSecond(),
                engine.burstLinesPerSecond(),
                engine.linesPerSecond() / left,
                100 * engine.kvMaxWithoutChat(),
                engine.preemptions());
    }
}
