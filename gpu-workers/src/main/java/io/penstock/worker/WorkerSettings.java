package io.penstock.worker;

import io.penstock.payload.config.PayloadSettings;
import io.penstock.payload.config.PayloadStoreConfig;
import io.penstock.pool.EndpointMonitor.Cadence;
import io.penstock.pool.EngineAsks;
import io.penstock.pool.discovery.DiscoveryRules;
import io.penstock.pool.discovery.EngineSources;
import io.penstock.pool.kv.Ceilings;
import io.penstock.pool.kv.ChatLimits;
import io.penstock.pool.kv.GateLimits;
import io.penstock.pool.kv.GatePolicy;
import io.penstock.pool.kv.LowPace;
import io.penstock.pool.kv.ReactiveLimit;
import io.penstock.pool.kv.Yield;
import io.penstock.service.Settings;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.WorkerId;
import io.penstock.worker.run.TicketRun.RunLimits;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/// The worker's settings by their keys, and the records made of them.
public record WorkerSettings(Settings settings) {
    private static final ConfigDef.Range POSITIVE = ConfigDef.Range.atLeast(1);
    private static final ConfigDef.Range RATIO = ConfigDef.Range.between(0, 1);
    private static final ConfigDef.Importance HIGH = ConfigDef.Importance.HIGH;
    private static final ConfigDef.Importance LOW = ConfigDef.Importance.LOW;

    /// Every key, with its default and what it means.
    public static ConfigDef definition() {
        TopicLayout layout = TopicLayout.PRODUCTION;
        GateLimits gate = GateLimits.DEFAULT;
        ChatLimits chat = ChatLimits.DEFAULT;
        Yield.Rules yield = Yield.Rules.OFF;
        return PayloadSettings.define(new ConfigDef())
                .define(
                        "admin.port",
                        ConfigDef.Type.INT,
                        9002,
                        ConfigDef.Range.between(0, 65535),
                        HIGH,
                        "Port of health and metrics.")
                .define(
                        "worker.id",
                        ConfigDef.Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        HIGH,
                        "Name of this worker for good, such as the pod's: a restart under the same name frees its old"
                                + " tickets at once.")
                .define(
                        "engines",
                        ConfigDef.Type.LIST,
                        ConfigDef.NO_DEFAULT_VALUE,
                        HIGH,
                        "Addresses of the engines to drive, such as http://localhost:8000, dns+http://vllm.ml.svc:8000"
                                + " or k8s://ml/inferencepools/llama (docs/engines.md).")
                .define(
                        "discovery.dns.ms",
                        ConfigDef.Type.LONG,
                        DiscoveryRules.DEFAULT.dnsEvery().toMillis(),
                        ConfigDef.Range.atLeast(100),
                        LOW,
                        "How often the names of dns+http addresses are resolved. In milliseconds.")
                .define(
                        "discovery.endpoints.max",
                        ConfigDef.Type.INT,
                        DiscoveryRules.DEFAULT.endpointsMax(),
                        ConfigDef.Range.between(1, DiscoveryRules.ENDPOINTS_MAX),
                        LOW,
                        "Engines in use at a time; what is found beyond that is refused.")
                .define(
                        "discovery.kubernetes.url",
                        ConfigDef.Type.STRING,
                        "",
                        LOW,
                        "Address of the Kubernetes API for k8s addresses, such as that of kubectl proxy; empty for the"
                                + " cluster the program runs in.")
                .define(
                        "pool.name",
                        ConfigDef.Type.STRING,
                        "",
                        HIGH,
                        "Pool the engines belong to; empty for the base model each serves.")
                .define("model.aliases", ConfigDef.Type.LIST, "", HIGH, "Further names for models, as alias=model.")
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
                                + " has 1/(n + 1) if that is more, beside a single one all.")
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
                        "Prompt tokens of normal and low work that an engine may have before it at a time; without"
                                + " others there, beyond what it computes until its next account.")
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
                        "The same while the engine's KV cache is unknown.")
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
                        "metrics.interval.ms",
                        ConfigDef.Type.LONG,
                        Cadence.DEFAULT.idle().toMillis(),
                        POSITIVE,
                        LOW,
                        "How often an engine's metrics are read; at most half of gate.stale.ms. In milliseconds.")
                .define(
                        "metrics.busy.interval.ms",
                        ConfigDef.Type.LONG,
                        Cadence.DEFAULT.busy().toMillis(),
                        POSITIVE,
                        LOW,
                        "The same while requests of ours run there. In milliseconds.")
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
                                + " milliseconds.")
                .define(
                        "engine.priority",
                        ConfigDef.Type.BOOLEAN,
                        EngineAsks.NONE.priority(),
                        LOW,
                        "Whether vLLM is told each request's place in its queue (X-Vllm-Priority), durable work behind"
                                + " every interactive call; for engines started with --scheduling-policy priority.")
                .define(
                        "engine.load.headers",
                        ConfigDef.Type.BOOLEAN,
                        EngineAsks.NONE.loadHeaders(),
                        LOW,
                        "Whether vLLM is asked to tell its KV use and queue with each answer as well; worth it where"
                                + " metrics are read less than every 250 ms, since it logs a line for each.")
                .define(
                        "request.timeout.ms",
                        ConfigDef.Type.LONG,
                        RunLimits.DEFAULT.timeout().toMillis(),
                        POSITIVE,
                        LOW,
                        "Longest one call to an engine may take. In milliseconds.")
                .define(
                        "answer.max.bytes",
                        ConfigDef.Type.INT,
                        RunLimits.DEFAULT.answerBytesMax(),
                        ConfigDef.Range.between(1024, 990_000),
                        LOW,
                        "Largest answer that is kept, in bytes; a record must hold it.")
                .define(
                        "drain.timeout.ms",
                        ConfigDef.Type.LONG,
                        30_000L,
                        ConfigDef.Range.atLeast(0),
                        HIGH,
                        "What running requests get when the worker stops or their engine is taken away. In"
                                + " milliseconds.")
                .define("topics.prefix", ConfigDef.Type.STRING, layout.prefix(), HIGH, "Prefix of every topic.")
                .define(
                        "topics.ledger.partitions",
                        ConfigDef.Type.INT,
                        layout.ledgerPartitions(),
                        POSITIVE,
                        LOW,
                        "Partitions of the ledger's topics, as installed.")
                .define(
                        "topics.work.partitions",
                        ConfigDef.Type.INT,
                        layout.workPartitions(),
                        POSITIVE,
                        LOW,
                        "Partitions of the work topic, as installed.");
    }

    int adminPort() {
        return settings.number("admin.port");
    }

    PayloadStoreConfig payloads() {
        return PayloadSettings.of(settings.parsed());
    }

    TopicLayout layout() {
        return new TopicLayout(
                settings.text("topics.prefix"),
                settings.number("topics.ledger.partitions"),
                settings.number("topics.work.partitions"),
                TopicLayout.PRODUCTION.replicas(),
                TopicLayout.PRODUCTION.minInsyncReplicas());
    }

    WorkerConfig worker() {
        String pool = settings.text("pool.name");
        return new WorkerConfig(
                new WorkerId(settings.text("worker.id")),
                EngineSources.of(settings.list("engines"), discovery(), System.getenv()),
                pool.isEmpty() ? null : new PoolName(pool),
                aliases(settings.list("model.aliases")),
                gate(),
                new Yield.Rules(
                        settings.flag("yield.enabled"),
                        settings.number("yield.each.max"),
                        settings.duration("yield.grace.ms"),
                        settings.number("yield.times.max"),
                        settings.duration("yield.deadline.ms")),
                new RunLimits(settings.duration("request.timeout.ms"), settings.number("answer.max.bytes")),
                settings.duration("drain.timeout.ms"),
                new Cadence(settings.duration("metrics.interval.ms"), settings.duration("metrics.busy.interval.ms")),
                new EngineAsks(settings.flag("engine.priority"), settings.flag("engine.load.headers")));
    }

    private DiscoveryRules discovery() {
        String kubernetes = settings.text("discovery.kubernetes.url");
        return new DiscoveryRules(
                settings.number("discovery.endpoints.max"),
                settings.duration("discovery.dns.ms"),
                kubernetes.isEmpty() ? null : URI.create(kubernetes));
    }

    private GatePolicy gate() {
        return new GatePolicy(
                new Ceilings(
                        settings.ratio("ceiling.high.ratio"),
                        settings.ratio("ceiling.normal.ratio"),
                        settings.ratio("ceiling.low.ratio")),
                new GateLimits(
                        settings.number("gate.sequences.max"),
                        settings.number("gate.unknown.sequences.max"),
                        settings.number("gate.waiting.max"),
                        settings.number("gate.prefill.tokens.max"),
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

    private static Map<ModelName, ModelName> aliases(List<String> assignments) {
        Map<ModelName, ModelName> aliases = new HashMap<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                throw new ConfigException("model.aliases must be alias=model, but one was '" + assignment + "'");
            }
            aliases.put(
                    new ModelName(assignment.substring(0, equals)), new ModelName(assignment.substring(equals + 1)));
        }
        return aliases;
    }
}
