package io.penstock.bench.qos;

import io.penstock.pool.kv.ChatLimits;
import io.penstock.pool.kv.GatePolicy;
import io.penstock.pool.kv.LowPace;
import io.penstock.pool.kv.Yield;
import io.penstock.standalone.Standalone;
import io.penstock.worker.WorkerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The ways of running a batch that are compared. The chat is the same in all of them. It goes through
/// Penstock's API, and where the batch does without Penstock, chat does as well: to each engine in turn.
enum Scenario {
    S0("chat only"),
    S1("batch thrown at the engines, 512 lines at each"),
    S2("batch at a fixed concurrency, 32 lines at each engine"),
    S3("saturation gate on waiting requests and KV use, mean of the pool below 1"),
    S4("Penstock"),
    S5("Penstock, aborting up to 2 background requests every 500 ms while chat waits (`yield.enabled`)"),
    S6("the same, going on from the text already generated");

    private static final int THROWN = 512;
    private static final int FIXED = 32;

    final String title;

    Scenario(String title) {
        this.title = title;
    }

    /// True for those in which the batch goes through Penstock.
    boolean isPenstock() {
        return switch (this) {
            case S0, S1, S2, S3 -> false;
            case S4, S5, S6 -> true;
        };
    }

    /// Where chat calls go, the path up to `/v1` included.
    List<String> chatServers(Standalone penstock) {
        return switch (this) {
            case S0, S4, S5, S6 -> List.of(penstock.apiUri().toString());
            case S1, S2, S3 ->
                penstock.simulators().stream()
                        .map(engine -> engine.baseUrl() + "/v1")
                        .toList();
        };
    }

    /// How the workers of this scenario are set up: by default, with rates and times as the engines'
    /// clock has them.
    WorkerConfig worker(QosPlan plan, WorkerConfig defaults) {
        GatePolicy gate = defaults.gate();
        ChatLimits chat = gate.chat();
        LowPace low = new LowPace(
                chat.low().tokensPerSecond() * plan.speedup(),
                chat.low().leastShare(),
                chat.low().promptTokens());
        GatePolicy scaled =
                gate.with(new ChatLimits(chat.ceilings(), low, Duration.ofNanos(plan.wallNanos(chat.linger()))));
        Yield.Rules rules = switch (this) {
            case S0, S1, S2, S3, S4 -> Yield.Rules.OFF;
            case S5, S6 ->
                Yield.Rules.ON.with(Yield.Rules.ON.each(), Duration.ofNanos(plan.wallNanos(Yield.Rules.ON.grace())));
        };
        return defaults.gated(scaled, rules);
    }

    /// The batch of this scenario behind a running Penstock.
    BatchLoad load(QosPlan plan, Standalone penstock, Path dir) {
        Bodies bodies = new Bodies(plan, "qos", plan.seed() + 3);
        return switch (this) {
            case S0 -> BatchLoad.NONE;
            case S1 -> new DirectLoad(penstock.simulators(), bodies, new FixedConcurrency(plan.engines(), THROWN));
            case S2 -> new DirectLoad(penstock.simulators(), bodies, new FixedConcurrency(plan.engines(), FIXED));
            case S3 -> new DirectLoad(penstock.simulators(), bodies, new SaturationGate(penstock.simulators()));
            case S4, S5 -> new PenstockLoad(penstock.apiUri(), dir, bodies, plan.batchLines());
            case S6 -> {
                ResumingBatches.define(penstock.bootstrapServers());
                yield new PenstockLoad(penstock.apiUri(), dir, bodies, plan.batchLines());
            }
        };
    }
}
