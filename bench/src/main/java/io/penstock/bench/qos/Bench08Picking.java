package io.penstock.bench.qos;

import io.penstock.pool.kv.GatePolicy;
import io.penstock.simulator.engine.SchedulingPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// 08: where interactive calls go: what the API's picking makes of several engines, by itself and beside a batch behind
/// the gate, under each condition, and what simple rules do. On a virtual clock, so the figures are the same on any
/// machine.
///
/// Arguments: `--out DIR` for the page.
public final class Bench08Picking {
    /// Twenty waves, some 27,000 calls.
    private static final Duration HOW_LONG = Duration.ofHours(1);

    private Bench08Picking() {}

    /// Prints the page, and writes it if told where.
    public static void main(String[] arguments) throws IOException {
        VirtualPage.report(page(QosPlan.DEFAULT), "benchmarks-picking.md", arguments);
    }

    private static String page(QosPlan plan) {
        AtomicInteger turn = new AtomicInteger();
        Random random = new Random(plan.seed());
        Placer inTurn = (engines, _) -> engines.get(turn.getAndIncrement() % engines.size());
        Placer byLot = (engines, _) -> engines.get(random.nextInt(engines.size()));
        Placer fewest = (engines, _) -> engines.stream()
                .min(Comparator.comparingInt(VirtualEngine::calls))
                .orElseThrow();
        StringBuilder page = new StringBuilder(head(plan));
        VirtualPool alone = alone(plan, inTurn);
        page.append(row("to each engine in turn", "none", alone, alone));
        page.append(row("by lot", "none", alone(plan, byLot), alone));
        page.append(row("where the fewest calls are under way", "none", alone(plan, fewest), alone));
        for (Condition condition : Condition.values()) {
            String name = "as the API picks" + (condition.title.isEmpty() ? "" : "; " + condition.title);
            VirtualPool base = alone(plan, new PickingPlacer(plan, condition));
            page.append(row(name, "none", base, base));
            page.append(row(name, "through the gate", beside(plan, condition), base));
        }
        return page.toString();
    }

    private static String head(QosPlan plan) {
        return String.format(
                Locale.ROOT,
                """
                # Where calls go, on a virtual clock

                Written by `Bench08Picking` (bench/README.md has the command); do not edit.

                %d simulated engines (`%s`) with the chat of [benchmarks.md](benchmarks.md), %.1f calls a second of %d tokens in and %d out in bursts of %d s
                with %d s between them, each up to 10 s late, for %d min, placed as the API does by default, with accounts of the engines every 50 ms, however seldom workers have them; and behind them more batch
                lines of the same size than can be done, sent as in [benchmarks-gate.md](benchmarks-gate.md). Nothing else takes time.

                - **× alone**: over the same picking under the same condition without a batch; of the simple rules, over the first.

                | calls go | batch | chat TTFT p50 / p95 / p99, ms | × alone | between words p50 / p95, ms | batch lines/s | KV without chat | preemptions |
                |---|---|---|---|---|---|---|---|
                """,
                plan.engines(),
                plan.profile(),
                plan.chatsPerSecond(),
                plan.promptTokens(),
                plan.outputTokens(),
                plan.burst().toSeconds(),
                plan.idle().toSeconds(),
                HOW_LONG.toMinutes());
    }

    private static VirtualPool alone(QosPlan plan, Placer placer) {
        return run(
                plan,
                placer,
                IntStream.range(0, plan.engines())
                        .<Sender>mapToObj(_ -> new EvenSender(0, true))
                        .toList());
    }

    private static VirtualPool beside(QosPlan plan, Condition condition) {
        return run(
                plan,
                new PickingPlacer(plan, condition),
                IntStream.range(0, plan.engines())
                        .<Sender>mapToObj(engine -> new GatedSender(plan, condition.at(engine), GatePolicy.DEFAULT))
                        .toList());
    }

    private static VirtualPool run(QosPlan plan, Placer placer, List<Sender> senders) {
        VirtualChat chat = new VirtualChat(plan, VirtualChat.Times.IN_BURSTS, 1);
        return new VirtualPool(plan, chat, placer, SchedulingPolicy.FCFS, senders).run(HOW_LONG);
    }

    private static String row(String name, String batch, VirtualPool pool, VirtualPool alone) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s | %.2f | %.1f %% | %d |%n",
                name,
                batch,
                pool.firstWords(),
                pool.firstWordsOver(alone),
                pool.wordToWord(),
                pool.linesPerSecond(),
                100 * pool.kvMaxWithoutChat(),
                pool.preemptions());
    }
}
