package io.penstock.bench.qos;

import io.penstock.bench.qos.Frontier.Way;
import io.penstock.simulator.engine.SchedulingPolicy;
import java.io.IOException;
import java.util.Locale;

/// 06: what chat leaves: how many batch lines an engine can do beside it, and by how much its first word then
/// comes later, whoever sends them. The bound by which [Bench04Qos] is to be judged. On a virtual clock, so the
/// figures are the same on any machine.
///
/// Arguments: `--out DIR` for the page.
public final class Bench06Frontier {
    private static final double[] RATES = {0, 0.5, 1, 1.5, 2, 3, 4, 5, 6};

    private Bench06Frontier() {}

    /// Prints the page, and writes it if told where.
    public static void main(String[] arguments) throws IOException {
        VirtualPage.report(page(QosPlan.DEFAULT), "benchmarks-frontier.md", arguments);
    }

    private static String page(QosPlan plan) {
        StringBuilder page = new StringBuilder(String.format(
                Locale.ROOT,
                """
                # What chat leaves

                Written by `Bench06Frontier` (bench/README.md has the command); do not edit.

                One simulated engine (`%s`) on a virtual clock, with its part of the chat of [benchmarks.md](benchmarks.md), %.1f calls a second of %d tokens in and %d out, for %d min,
                and batch lines of the same size at an even rate. There is no gate, no network and no delay: who sends them knows the engine's queue at every
                moment, and sends a line as soon as it is due, or once no call awaits its first word. *Chat first* is an engine that takes chat's
                prompts before those of the batch (vLLM's `--scheduling-policy priority`). Without chat the engine does %.1f lines a second.

                | engine | a line is sent | lines/s | chat TTFT p50 / p95 / p99, ms | × alone | between words p50 / p95, ms |
                |---|---|---|---|---|---|
                """,
                plan.profile(),
                plan.chatsPerSecond() / plan.engines(),
                plan.promptTokens(),
                plan.outputTokens(),
                Frontier.HOW_LONG.toMinutes(),
                Frontier.withoutChat(plan)));
        for (SchedulingPolicy policy : SchedulingPolicy.values()) {
            for (boolean waits : new boolean[] {false, true}) {
                Way way = new Way(policy, waits);
                VirtualPool alone = Frontier.run(plan, way, 0);
                for (double rate : RATES) {
                    page.append(row(way, Frontier.run(plan, way, rate), alone));
                }
            }
        }
        return page.append(String.format(
                        Locale.ROOT,
                        "%nWith chat's p95 at %.2f times that of chat alone an engine does %.2f lines a second at"
                                + " most, if they are sent when no call awaits its first word.%n",
                        Frontier.BEARABLE,
                        Frontier.bearable(plan)))
                .toString();
    }

    private static String row(Way way, VirtualPool engine, VirtualPool alone) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.2f | %s | %s | %s |%n",
                switch (way.policy()) {
                    case FCFS -> "as they come";
                    case PRIORITY -> "chat first";
                },
                way.waits() ? "when no call awaits its first word" : "when it is due",
                engine.linesPerSecond(),
                engine.firstWords(),
                engine.firstWordsOver(alone),
                engine.wordToWord());
    }
}
