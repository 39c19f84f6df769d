package io.penstock.ingest;

import io.penstock.ingest.async.AsyncPolicy;
import io.penstock.ingest.batches.BatchesApi.BatchPolicy;
import io.penstock.ingest.batches.LiveLimits;
import io.penstock.ingest.chat.ShortCircuit.CallLimits;
import io.penstock.ingest.files.FileLimits;
import io.penstock.ingest.files.FileLimits.UploadLimits;
import io.penstock.ingest.http.HttpServerConfig;
import io.penstock.ingest.webhooks.WebhooksSettings;
import io.penstock.payload.config.PayloadSettings;
import io.penstock.payload.config.PayloadStoreConfig;
import io.penstock.pool.discovery.DiscoveryRules;
import io.penstock.pool.discovery.EngineSources;
import io.penstock.service.Settings;
import io.penstock.service.StartFailure;
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
        return InteractiveSettings.define(WebhooksSettings.define(PayloadSettings.define(new ConfigDef())
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
                        "Addresses of the engines for interactive calls, such as http://gpu-1:8000,"
                                + " dns+http://vllm.ml.svc:8000 or k8s://ml/inferencepools/llama (docs/engines.md).")
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
                        "batches.live.max",
                        ConfigDef.Type.INT,
                        LiveLimits.DEFAULT.openMax(),
                        POSITIVE,
                        LOW,
                        "Open answers that follow a batch (results?follow=true, events), at most.")
                .define(
                        "batches.live.max.ms",
                        ConfigDef.Type.LONG,
                        LiveLimits.DEFAULT.longest().toMillis(),
                        POSITIVE,
                        LOW,
                        "Longest such an answer goes on. In milliseconds.")
                .define(
                        "batches.live.heartbeat.ms",
                        ConfigDef.Type.LONG,
                        LiveLimits.DEFAULT.heartbeat().toMillis(),
                        POSITIVE,
                        LOW,
                        "Silence after which such an answer sends a sign of life; less than http.idle.timeout.ms. In"
                                + " milliseconds.")
                .define(
                        "batches.events.interval.ms",
                        ConfigDef.Type.LONG,
                        LiveLimits.DEFAULT.eventInterval().toMillis(),
                        ConfigDef.Range.atLeast(0),
                        LOW,
                        "Least time between two events of a batch; what changes meanwhile is told together. In"
                                + " milliseconds.")
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
                        "async.objective",
                        ConfigDef.Type.STRING,
                        AsyncPolicy.DEFAULT.objective().value(),
                        HIGH,
                        "Objective of background responses and of calls with Prefer: respond-async that name none;"
                                + " 'default' is of the normal band unless it is defined otherwise.")
                .define(
                        "async.window.ms",
                        ConfigDef.Type.LONG,
                        AsyncPolicy.DEFAULT.window().toMillis(),
                        POSITIVE,
                        LOW,
                        "How long a request to be answered later may take before it fails; at most tag.window.max.ms of"
                                + " stream-router. In milliseconds.")
                .define(
                        "async.kept.max",
                        ConfigDef.Type.INT,
                        AsyncPolicy.DEFAULT.keptMax(),
                        POSITIVE,
                        LOW,
                        "Requests to be answered later that are kept, finished ones included; each takes about 1 KB of"
                                + " every API's memory. More are refused.")
                .define(
                        "async.wait.max.ms",
                        ConfigDef.Type.LONG,
                        AsyncPolicy.DEFAULT.waitMax().toMillis(),
                        ConfigDef.Range.atLeast(0),
                        LOW,
                        "Longest a client may wait for an answer in one call (?wait=30s). In milliseconds.")
                .define(
                        "async.heartbeat.ms",
                        ConfigDef.Type.LONG,
                        AsyncPolicy.DEFAULT.heartbeat().toMillis(),
                        POSITIVE,
                        LOW,
                        "Time between two signs of life on a stream that waits; less than http.idle.timeout.ms. In"
                                + " milliseconds.")
                .define(
                        "explain.timeout.ms",
                        ConfigDef.Type.LONG,
                        IngestConfig.EXPLAIN_PATIENCE.toMillis(),
                        POSITIVE,
                        LOW,
                        "How long ledgers get to say why something waits. In milliseconds.")
                .define(
                        "idempotency.wait.max.ms",
                        ConfigDef.Type.LONG,
                        IngestConfig.KEY_PATIENCE.toMillis(),
                        POSITIVE,
                        LOW,
                        "How long a submission with an Idempotency-Key waits for the log to say what the key stands"
                            + " for, and then for another replica that was first to make it; after the first, 503. In"
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
                        "Partitions of the work topic, as installed.")));
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

    IngestConfig ingest() {
        HttpServerConfig http = new HttpServerConfig(
                new InetSocketAddress(settings.text("ingest.host"), settings.number("ingest.port")),
                settings.number("http.connections.max"),
                settings.duration("http.idle.timeout.ms"),
                settings.duration("http.head.timeout.ms"),
                settings.number("http.body.min.bytes.per.second"),
                settings.duration("http.drain.timeout.ms"));
        Duration timeout = settings.duration("call.timeout.ms");
        return new IngestConfig(
                http,
                EngineSources.of(settings.list("engines"), discovery(), System.getenv()),
                keys(settings.text("keys.file")),
                settings.list("operator.tenants").stream().map(TenantId::new).collect(Collectors.toSet()),
                files(),
                new BatchPolicy(
                        settings.flag("batches.any.window"),
                        new ObjectiveName(settings.text("batches.objective")),
                        live()),
                new CallLimits(
                        settings.number("call.body.max.bytes"), settings.number("call.answer.max.bytes"), timeout),
                new AsyncPolicy(
                        new ObjectiveName(settings.text("async.objective")),
                        settings.duration("async.window.ms"),
                        settings.number("async.kept.max"),
                        settings.duration("async.wait.max.ms"),
                        settings.duration("async.heartbeat.ms"),
                        timeout),
                settings.duration("explain.timeout.ms"),
                settings.duration("idempotency.wait.max.ms"),
                InteractiveSettings.read(settings),
                WebhooksSettings.of(settings));
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

    private LiveLimits live() {
        return new LiveLimits(
                settings.number("batches.live.max"),
                settings.duration("batches.live.max.ms"),
                settings.duration("batches.live.heartbeat.ms"),
                settings.duration("batches.events.interval.ms"));
    }

    private DiscoveryRules discovery() {
        String kubernetes = settings.text("discovery.kubernetes.url");
        return new DiscoveryRules(
                settings.number("discovery.endpoints.max"),
                settings.duration("discovery.dns.ms"),
                kubernetes.isEmpty() ? null : URI.create(kubernetes));
    }

    private static Map<String, TenantId> keys(String file) {
        Map<String, TenantId> keys = new HashMap<>();
        if (!file.isEmpty()) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(Path.of(file))) {
                properties.load(reader);
            } catch (IOException e) {
                throw StartFailure.unusable("keys.file", Path.of(file), e);
            }
            properties.stringPropertyNames().forEach(key -> keys.put(key, new TenantId(properties.getProperty(key))));
        }
        return keys;
    }
}
