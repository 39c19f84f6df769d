package io.penstock.worker;

import io.penstock.payload.config.PayloadSettings;
import io.penstock.payload.config.PayloadStoreConfig;
import io.penstock.pool.EndpointMonitor.Cadence;
import io.penstock.pool.EngineAsks;
import io.penstock.pool.discovery.DiscoveryRules;
import io.penstock.pool.discovery.EngineSources;
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
    private static final ConfigDef.Importance HIGH = ConfigDef.Importance.HIGH;
    private static final ConfigDef.Importance LOW = ConfigDef.Importance.LOW;

    /// Every key, with its default and what it means.
    public static ConfigDef definition() {
        TopicLayout layout = TopicLayout.PRODUCTION;
        return GateSettings.define(PayloadSettings.define(new ConfigDef()))
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
        GateSettings gate = new GateSettings(settings);
        return new WorkerConfig(
                new WorkerId(settings.text("worker.id")),
                EngineSources.of(settings.list("engines"), discovery(), System.getenv()),
                pool.isEmpty() ? null : new PoolName(pool),
                aliases(settings.list("model.aliases")),
                gate.policy(),
                gate.yielding(),
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
