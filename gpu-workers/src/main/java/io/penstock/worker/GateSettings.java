package io.penstock.worker;

import io.penstock.pool.kv.Ceilings;
import io.penstock.pool.kv.ChatLimits;
import io.penstock.pool.kv.GateLimits;
import io.penstock.pool.kv.GatePolicy;
import io.penstock.pool.kv.LowPace;
import io.penstock.pool.kv.ReactiveLimit;
import io.penstock.pool.kv.Yield;
import io.penstock.service.Settings;
import org.apache.kafka.common.config.ConfigDef;

/// The settings of the gate and of giving way, a part of [WorkerSettings].
record GateSettings(Settings settings) {
    private static final ConfigDef.Range POSITIVE = ConfigDef.Range.atLeast(1);
    private static final ConfigDef.Range RATIO = ConfigDef.Range.between(0, 1);
    private static final ConfigDef.Importance HIGH = ConfigDef.Importance.HIGH;
    private static final ConfigDef.Importance LOW = ConfigDef.Importance.LOW;

    /// Adds them to `definition`.
    static ConfigDef define(ConfigDef definition) {
        GateLimits gate = GateLimits.DEFAULT;
        ChatLimits chat = ChatLimits.DEFAULT;
        Yield.Rules yield = Yield.Rules.OFF;
        return definition
                .define(
                        "ceiling.high.ratio",
                        ConfigDef.Type.DOUBLE,
                        Ceilings.DEFAULT.high(),
                        RATIO,
                        HIGH,
                        "Share of an engine's KV cache that high requests may fill. Above pick.kv.use.max, or what"
                                + " another gateway takes for full, they can shut chat out.")
                .define(
                        "ceiling.normal.ratio",
                        ConfigDef.Type.DOUBLE,
                        Ceilings.DEFAULT.normal(),
                        RATIO,
                        HIGH,
                        "Share that normal requests may fill.")
                .define(
                        "ceiling.low.ratio",
                        ConfigDef.Type.DOUBLE,
                        Ceilings.DEFAULT.low(),
                        RATIO,
                        HIGH,
                        "Share that low (background) requests may fill.")
                .define(
                        "ceiling.chat.high.ratio",
                        ConfigDef.Type.DOUBLE,
                        chat.ceilings().high(),
                        RATIO,
                        LOW,
                        "Share that high requests may fill while others press the engine hardest; it comes down to this"
                                + " in four steps.")
                .define(
                        "ceiling.chat.normal.ratio",
                        ConfigDef.Type.DOUBLE,
                        chat.ceilings().normal(),
                        RATIO,
                        LOW,
                        "The same for normal requests.")
                .define(
                        "ceiling.chat.low.ratio",
                        ConfigDef.Type.DOUBLE,
                        chat.ceilings().low(),
                        RATIO,
                        LOW,
                        "The same for low requests.")
                .define(
                        "ceiling.chat.full.ratio",
                        ConfigDef.Type.DOUBLE,
                        chat.fullShare(),
                        ConfigDef.Range.between(0.01, 1),
                        LOW,
                        "The others' share of the KV cache at which the ceilings are lowest; they are also while as"
                                + " many of the others wait as close the gate.")
                .define(
                        "gate.chat.share.ratio",
                        ConfigDef.Type.DOUBLE,
                        chat.low().leastShare(),
                        ConfigDef.Range.between(0, 1),
                        LOW,
                        "The share of the speed at which an engine was seen to compute prompts of durable work that new"
                                + " low work has at least while others use the engine. Beside n of their calls it"
                                + " has 1/n² if that is more, beside a single one all.")
                .define(
                        "gate.chat.tokens.per.second",
                        ConfigDef.Type.DOUBLE,
                        chat.low().tokensPerSecond(),
                        ConfigDef.Range.atLeast(0),
                        LOW,
                        "New low work that is sent at least to an engine that others use, in KV tokens a second.")
                .define(
                        "gate.chat.prefill.tokens.max",
                        ConfigDef.Type.LONG,
                        chat.low().promptTokens(),
                        ConfigDef.Range.atLeast(0),
                        LOW,
                        "Prompt tokens of low work that an engine which others use has before it at most; one prompt of"
                                + " any size may be.")
                .define(
                        "gate.chat.linger.ms",
                        ConfigDef.Type.LONG,
                        chat.linger().toMillis(),
                        ConfigDef.Range.atLeast(0),
                        LOW,
                        "How long others count as there after they were seen; ceilings change at most once in that"
                                + " time. In milliseconds.")
                .define(
                        "gate.prefill.tokens.max",
                        ConfigDef.Type.INT,
                        gate.prefillTokens(),
                        POSITIVE,
                        LOW,
                        "Prompt tokens of normal and low work that an engine which others use has before it at most;"
                                + " one prompt of any size may be.")
                .define(
                        "gate.prefill.tokens.left",
                        ConfigDef.Type.INT,
                        gate.prefillLeft(),
                        ConfigDef.Range.atLeast(0),
                        LOW,
                        "While no others use an engine, the next prompt of normal and low work is sent to it when it"
                                + " has so many prompt tokens left to compute.")
                .define(
                        "yield.enabled",
                        ConfigDef.Type.BOOLEAN,
                        yield.enabled(),
                        LOW,
                        "Whether running low requests are aborted when chat waits at their engine.")
                .define(
                        "yield.each.max",
                        ConfigDef.Type.INT,
                        yield.each(),
                        POSITIVE,
                        LOW,
                        "Low requests aborted for chat at one time.")
                .define(
                        "yield.grace.ms",
                        ConfigDef.Type.LONG,
                        yield.grace().toMillis(),
                        ConfigDef.Range.atLeast(0),
                        LOW,
                        "Time between two such decisions. In milliseconds.")
                .define(
                        "yield.times.max",
                        ConfigDef.Type.INT,
                        yield.timesMax(),
                        POSITIVE,
                        LOW,
                        "Times one request may be aborted for chat.")
                .define(
                        "yield.deadline.ms",
                        ConfigDef.Type.LONG,
                        yield.nearDeadline().toMillis(),
                        ConfigDef.Range.atLeast(0),
                        LOW,
                        "Requests this close to their deadline are not aborted for chat. In milliseconds.")
                .define(
                        "gate.sequences.max",
                        ConfigDef.Type.INT,
                        gate.sequences(),
                        POSITIVE,
                        LOW,
                        "Requests at one engine at a time, at most.")
                .define(
                        "gate.unknown.sequences.max",
                        ConfigDef.Type.INT,
                        gate.unknownSequences(),
                        POSITIVE,
                        LOW,
                        "The same while the engine's KV cache is unknown and others may be in it.")
                .define(
                        "gate.unknown.slowdown.max",
                        ConfigDef.Type.DOUBLE,
                        gate.unknownSlowdown(),
                        ConfigDef.Range.atLeast(1),
                        LOW,
                        "While the engine's KV cache is unknown and no others are seen or told of, requests are added"
                                + " until answers come so many times as slowly as the fastest; with 1 none are.")
                .define(
                        "gate.waiting.max",
                        ConfigDef.Type.INT,
                        gate.waitingMax(),
                        ConfigDef.Range.atLeast(0),
                        LOW,
                        "Requests waiting at the engine above which nothing is sent.")
                .define(
                        "gate.stale.ms",
                        ConfigDef.Type.LONG,
                        gate.staleAfter().toMillis(),
                        ConfigDef.Range.atLeast(1000),
                        LOW,
                        "Age at which metrics tell nothing. In milliseconds.")
                .define(
                        "gate.frozen.ms",
                        ConfigDef.Type.LONG,
                        gate.frozenAfter().toMillis(),
                        POSITIVE,
                        LOW,
                        "How long metrics may stand still, beyond 4 steps of the engine, although requests of ours came"
                                + " or went; then they tell nothing. In milliseconds.")
                .define(
                        "gate.probe.ms",
                        ConfigDef.Type.LONG,
                        gate.probeAfter().toMillis(),
                        POSITIVE,
                        LOW,
                        "How long a gauge must stand still, with nothing of ours in flight, to earn a probe. In"
                                + " milliseconds.");
    }

    /// What an endpoint may be sent.
    GatePolicy policy() {
        return new GatePolicy(
                new Ceilings(
                        settings.ratio("ceiling.high.ratio"),
                        settings.ratio("ceiling.normal.ratio"),
                        settings.ratio("ceiling.low.ratio")),
                new GateLimits(
                        settings.number("gate.sequences.max"),
                        settings.number("gate.unknown.sequences.max"),
                        settings.ratio("gate.unknown.slowdown.max"),
                        settings.number("gate.waiting.max"),
                        settings.number("gate.prefill.tokens.max"),
                        settings.number("gate.prefill.tokens.left"),
                        settings.duration("gate.stale.ms"),
                        settings.duration("gate.frozen.ms"),
                        settings.duration("gate.probe.ms")),
                new ChatLimits(
                        new Ceilings(
                                settings.ratio("ceiling.chat.high.ratio"),
                                settings.ratio("ceiling.chat.normal.ratio"),
                                settings.ratio("ceiling.chat.low.ratio")),
                        new LowPace(
                                settings.ratio("gate.chat.tokens.per.second"),
                                settings.ratio("gate.chat.share.ratio"),
                                settings.longNumber("gate.chat.prefill.tokens.max")),
                        settings.duration("gate.chat.linger.ms"),
                        settings.ratio("ceiling.chat.full.ratio")),
                ReactiveLimit.Bounds.DEFAULT);
    }

    /// When background work that runs gives way to chat.
    Yield.Rules yielding() {
        return new Yield.Rules(
                settings.flag("yield.enabled"),
                settings.number("yield.each.max"),
                settings.duration("yield.grace.ms"),
                settings.number("yield.times.max"),
                settings.duration("yield.deadline.ms"));
    }
}
