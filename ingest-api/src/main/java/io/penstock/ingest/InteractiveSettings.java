package io.penstock.ingest;

import io.penstock.ingest.chat.InteractivePolicy;
import io.penstock.ingest.hold.HoldLimits;
import io.penstock.pool.EngineAsks;
import io.penstock.pool.pick.PickPolicy;
import io.penstock.service.Settings;
import org.apache.kafka.common.config.ConfigDef;

/// The settings of interactive calls that decide where they go and how they wait.
final class InteractiveSettings {
    private static final ConfigDef.Range POSITIVE = ConfigDef.Range.atLeast(1);
    private static final ConfigDef.Range NOT_NEGATIVE = ConfigDef.Range.atLeast(0);
    private static final ConfigDef.Range SHARE = ConfigDef.Range.between(0, 1);
    private static final ConfigDef.Importance HIGH = ConfigDef.Importance.HIGH;
    private static final ConfigDef.Importance LOW = ConfigDef.Importance.LOW;

    private InteractiveSettings() {}

    /// `definition` with them.
    static ConfigDef define(ConfigDef definition) {
        InteractivePolicy policy = InteractivePolicy.DEFAULT;
        return hold(limits(weights(definition, policy.picks().weights()), policy.picks()), policy.hold())
                .define(
                        "hold.heartbeat.ms",
                        ConfigDef.Type.LONG,
                        policy.heartbeat().toMillis(),
                        POSITIVE,
                        LOW,
                        "After how long, and how often, a held stream gets a comment that keeps it alive; its status is"
                                + " 200 from the first one on. In milliseconds.")
                .define(
                        "call.endpoint.header",
                        ConfigDef.Type.BOOLEAN,
                        policy.tellEndpoint(),
                        LOW,
                        "Name the engine's host and port in x-gateway-destination-endpoint-served.")
                .define(
                        "engine.priority",
                        ConfigDef.Type.BOOLEAN,
                        policy.asks().priority(),
                        LOW,
                        "Whether vLLM is told each call's place in its queue (X-Vllm-Priority), before all durable"
                                + " work; for engines started with --scheduling-policy priority. Set it alike for"
                                + " gpu-workers.");
    }

    private static ConfigDef weights(ConfigDef definition, PickPolicy.Weights weights) {
        return definition
                .define(
                        "pick.queue.weight",
                        ConfigDef.Type.DOUBLE,
                        weights.queue(),
                        NOT_NEGATIVE,
                        LOW,
                        "What a short queue counts when an endpoint is picked.")
                .define(
                        "pick.kv.weight",
                        ConfigDef.Type.DOUBLE,
                        weights.kv(),
                        NOT_NEGATIVE,
                        LOW,
                        "What free KV cache counts.")
                .define(
                        "pick.prefix.weight",
                        ConfigDef.Type.DOUBLE,
                        weights.prefix(),
                        NOT_NEGATIVE,
                        LOW,
                        "What a prompt that was sent there before counts.")
                .define(
                        "pick.adapter.weight",
                        ConfigDef.Type.DOUBLE,
                        weights.adapter(),
                        NOT_NEGATIVE,
                        LOW,
                        "What a loaded LoRA adapter counts, for calls to one.");
    }

    private static ConfigDef limits(ConfigDef definition, PickPolicy policy) {
        PickPolicy.Limits limits = policy.limits();
        return definition
                .define(
                        "pick.waiting.max",
                        ConfigDef.Type.INT,
                        limits.waitingMax(),
                        NOT_NEGATIVE,
                        HIGH,
                        "Requests waiting at an engine above which it takes no more calls.")
                .define(
                        "pick.kv.use.max",
                        ConfigDef.Type.DOUBLE,
                        limits.kvUseMax(),
                        SHARE,
                        HIGH,
                        "Share of its KV cache in use above which an engine takes no more calls, 0 to 1.")
                .define(
                        "pick.load.age.max.ms",
                        ConfigDef.Type.LONG,
                        limits.loadAgeMax().toMillis(),
                        POSITIVE,
                        LOW,
                        "Age from which an engine's metrics are not believed. In milliseconds.")
                .define(
                        "pick.blind.calls.max",
                        ConfigDef.Type.INT,
                        limits.blindCalls(),
                        POSITIVE,
                        HIGH,
                        "Calls at an engine whose load is unknown: no metrics, old ones, or none of its KV cache.")
                .define(
                        "pick.burst.calls",
                        ConfigDef.Type.INT,
                        limits.burst(),
                        NOT_NEGATIVE,
                        LOW,
                        "Calls to an idle engine, between two readings of its metrics, that are taken to run at once.")
                .define(
                        "pick.probe.after.ms",
                        ConfigDef.Type.LONG,
                        limits.probeAfter().toMillis(),
                        POSITIVE,
                        LOW,
                        "After how long a full engine whose metrics stand still, with no call of ours there, is tried."
                                + " In milliseconds.")
                .define(
                        "pick.prefix.blocks.max",
                        ConfigDef.Type.INT,
                        policy.prompts().blocksMax(),
                        POSITIVE,
                        LOW,
                        "Blocks of 64 bytes by which a prompt is known again.")
                .define(
                        "pick.prefix.index.max",
                        ConfigDef.Type.INT,
                        policy.prompts().keptMax(),
                        POSITIVE,
                        LOW,
                        "Such blocks remembered for each engine; about 70 bytes of heap each.");
    }

    private static ConfigDef hold(ConfigDef definition, HoldLimits limits) {
        return definition
                .define(
                        "hold.calls.max",
                        ConfigDef.Type.INT,
                        limits.calls(),
                        NOT_NEGATIVE,
                        HIGH,
                        "Calls of a band that may wait for an engine with room; 0 for none.")
                .define(
                        "hold.bytes.max",
                        ConfigDef.Type.LONG,
                        limits.bytes(),
                        NOT_NEGATIVE,
                        HIGH,
                        "Bytes of their bodies, in each band; they are in the heap, so keep it below a third of that.")
                .define(
                        "hold.time.max.ms",
                        ConfigDef.Type.LONG,
                        limits.time().toMillis(),
                        NOT_NEGATIVE,
                        HIGH,
                        "How long a call may wait while the engines are full. In milliseconds.")
                .define(
                        "hold.no.endpoint.time.max.ms",
                        ConfigDef.Type.LONG,
                        limits.noEndpointTime().toMillis(),
                        NOT_NEGATIVE,
                        HIGH,
                        "How long a call may wait while no engine that serves its model is ready. In milliseconds.");
    }

    static InteractivePolicy read(Settings settings) {
        return new InteractivePolicy(
                new PickPolicy(
                        new PickPolicy.Weights(
                                settings.ratio("pick.queue.weight"),
                                settings.ratio("pick.kv.weight"),
                                settings.ratio("pick.prefix.weight"),
                                settings.ratio("pick.adapter.weight")),
                        new PickPolicy.Limits(
                                settings.number("pick.waiting.max"),
                                settings.ratio("pick.kv.use.max"),
                                settings.duration("pick.load.age.max.ms"),
                                settings.number("pick.blind.calls.max"),
                                settings.number("pick.burst.calls"),
                                settings.duration("pick.probe.after.ms")),
                        new PickPolicy.Prompts(
                                settings.number("pick.prefix.blocks.max"), settings.number("pick.prefix.index.max"))),
                new HoldLimits(
                        settings.number("hold.calls.max"),
                        settings.longNumber("hold.bytes.max"),
                        settings.duration("hold.time.max.ms"),
                        settings.duration("hold.no.endpoint.time.max.ms")),
                settings.duration("hold.heartbeat.ms"),
                settings.flag("call.endpoint.header"),
                new EngineAsks(settings.flag("engine.priority"), false));
    }
}
