package io.penstock.ingest;

import io.penstock.ingest.batches.BatchesApi.BatchPolicy;
import io.penstock.ingest.chat.ShortCircuit.CallLimits;
import io.penstock.ingest.files.FileLimits;
import io.penstock.ingest.files.FileLimits.UploadLimits;
import io.penstock.ingest.http.HttpServerConfig;
import io.penstock.payload.config.PayloadSettings;
import io.penstock.payload.config.PayloadStoreConfig;
import io.penstock.pool.Endpoint;
import io.penstock.service.Settings;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.TenantId;
import java.io.IOException;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;

/// The API's settings by their keys, and the records made of them.
public record IngestSettings(Settings settings) {
    private static final ConfigDef.Range POSITIVE = ConfigDef.Range.atLeast(1);
    private static final ConfigDef.Importance HIGH = ConfigDef.Importance.HIGH;
    private static final ConfigDef.Importance LOW = ConfigDef.Importance.LOW;

    /// Every key, with its default and what it means.
    public static ConfigDef definition() {
        TopicLayout layout = TopicLayout.PRODUCTION;
        return PayloadSettings.define(new ConfigDef())
                .define("ingest.host", ConfigDef.Type.STRING, "0.0.0.0", HIGH, "Address the API listens on.")
                .define(
                        "ingest.port",
                        ConfigDef.Type.INT,
                        8080,
                        ConfigDef.Range.between(0, 65535),
                        HIGH,
                        "Port of the API; 0 for any free one.")
                .define(
                        "admin.port",
                        ConfigDef.Type.INT,
                        9000,
                        ConfigDef.Range.between(0, 65535),
                        HIGH,
                        "Port of health and metrics.")
                .define("http.connections.max", ConfigDef.Type.INT, 20_000, POSITIVE, LOW, "Open connections, at most.")
                .define(
                        "http.idle.timeout.ms",
                        ConfigDef.Type.LONG,
                        60_000L,
                        POSITIVE,
                        LOW,
                        "How long nothing may move on a connection, blocked writes included. In milliseconds.")
                .define(
                        "http.head.timeout.ms",
                        ConfigDef.Type.LONG,
                        10_000L,
                        POSITIVE,
                        LOW,
                        "Time for a request's head to be complete. In milliseconds.")
                .define(
                        "http.body.min.bytes.per.second",
                        ConfigDef.Type.INT,
                        1024,
                        POSITIVE,
                        LOW,
                        "Slowest pace of a request's body.")
                .define(
                        "http.drain.timeout.ms",
                        ConfigDef.Type.LONG,
                        30_000L,
                        ConfigDef.Range.atLeast(0),
                        HIGH,
                        "What running exchanges get when the API stops. In milliseconds.")
                .define(
                        "engines",
                        ConfigDef.Type.LIST,
                        "",
                        HIGH,
                        "Addresses of the engines for interactive calls, such as http://gpu-1:8000 or"
                                + " sglang+http://gpu-2:30000 (docs/engines.md).")
                .define(
                        "keys.file",
                        ConfigDef.Type.STRING,
                        "",
                        HIGH,
                        "Properties file of API keys, key=tenant; empty for none: everyone is the tenant 'default'.")
                .define(
                        "operator.tenants",
                        ConfigDef.Type.LIST,
                        "",
                        HIGH,
                        "Tenants that may look at and command everyone's work; without API keys everyone may.")
                .define(
                        "files.max.bytes",
                        ConfigDef.Type.LONG,
                        FileLimits.DEFAULT.bytesMax(),
                        POSITIVE,
                        LOW,
                        "Largest file, in bytes.")
                .define(
                        "files.batch.max.bytes",
                        ConfigDef.Type.LONG,
                        FileLimits.DEFAULT.batchBytesMax(),
                        POSITIVE,
                        LOW,
                        "Largest file of purpose batch, in bytes.")
                .define(
                        "files.tenant.max.bytes",
                        ConfigDef.Type.LONG,
                        FileLimits.DEFAULT.tenantBytesMax(),
                        POSITIVE,
                        LOW,
                        "Largest sum of a tenant's files, output files and uploads in work included, in bytes.")
                .define(
                        "uploads.max.bytes",
                        ConfigDef.Type.LONG,
                        UploadLimits.DEFAULT.bytesMax(),
                        POSITIVE,
                        LOW,
                        "Largest file that is uploaded in parts, in bytes; files.batch.max.bytes holds here too.")
                .define(
                        "uploads.part.max.bytes",
                        ConfigDef.Type.LONG,
                        UploadLimits.DEFAULT.partBytesMax(),
                        POSITIVE,
                        LOW,
                        "Largest part of an upload, in bytes.")
                .define(
                        "uploads.parts.max",
                        ConfigDef.Type.INT,
                        UploadLimits.DEFAULT.partsMax(),
                        ConfigDef.Range.between(1, 5_000),
                        LOW,
                        "Parts of an upload, those sent twice included.")
                .define(
                        "batches.any.window",
                        ConfigDef.Type.BOOLEAN,
                        false,
                        LOW,
                        "Allow completion windows other than 24h, such as 30m or 2d.")
                .define(
                        "batches.objective",
                        ConfigDef.Type.STRING,
                        ObjectiveName.BATCH.value(),
                        HIGH,
                        "Objective of batches that name none; 'batch' is of the low band unless it is defined"
                                + " otherwise.")
                .define(
                        "call.body.max.bytes",
                        ConfigDef.Type.INT,
                        CallLimits.DEFAULT.bodyBytesMax(),
                        POSITIVE,
                        LOW,
                        "Largest body of an interactive call, in bytes.")
                .define(
                        "call.answer.max.bytes",
                        ConfigDef.Type.INT,
                        CallLimits.DEFAULT.answerBytesMax(),
                        POSITIVE,
                        LOW,
                        "Largest answer that is not streamed, in bytes.")
                .define(
                        "call.timeout.ms",
                        ConfigDef.Type.LONG,
                        CallLimits.DEFAULT.timeout().toMillis(),
                        POSITIVE,
                        LOW,
                        "Longest an interactive call may take. In milliseconds.")
                .define(
                        "explain.timeout.ms",
                        ConfigDef.Type.LONG,
                        IngestConfig.EXPLAIN_PATIENCE.toMillis(),
                        POSITIVE,
                        LOW,
                        "How long ledgers get to say why something waits. In milliseconds.")
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

    IngestConfig ingest() throws IOException {
        HttpServerConfig http = new HttpServerConfig(
                new InetSocketAddress(settings.text("ingest.host"), settings.number("ingest.port")),
                settings.number("http.connections.max"),
                settings.duration("http.idle.timeout.ms"),
                settings.duration("http.head.timeout.ms"),
                settings.number("http.body.min.bytes.per.second"),
                settings.duration("http.drain.timeout.ms"));
        List<Endpoint> endpoints = settings.list("engines").stream()
                .map(URI::create)
                .map(Endpoint::at)
                .toList();
        Duration timeout = settings.duration("call.timeout.ms");
        return new IngestConfig(
                http,
                endpoints,
                keys(settings.text("keys.file")),
                settings.list("operator.tenants").stream().map(TenantId::new).collect(Collectors.toSet()),
                files(),
                new BatchPolicy(
                        settings.flag("batches.any.window"), new ObjectiveName(settings.text("batches.objective"))),
                new CallLimits(
                        settings.number("call.body.max.bytes"), settings.number("call.answer.max.bytes"), timeout),
                settings.duration("explain.timeout.ms"));
    }

    private FileLimits files() {
        return new FileLimits(
                settings.longNumber("files.max.bytes"),
                settings.longNumber("files.batch.max.bytes"),
                settings.longNumber("files.tenant.max.bytes"),
                new UploadLimits(
                        settings.longNumber("uploads.max.bytes"),
                        settings.longNumber("uploads.part.max.bytes"),
                        settings.number("uploads.parts.max")));
    }

    private static Map<String, TenantId> keys(String file) throws IOException {
        Map<String, TenantId> keys = new HashMap<>();
        if (!file.isEmpty()) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(Path.of(file))) {
                properties.load(reader);
            }
            properties.stringPropertyNames().forEach(key -> keys.put(key, new TenantId(properties.getProperty(key))));
        }
        return keys;
    }
}
