package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.webhooks.WebhookCreateParams;
import com.openai.models.webhooks.WebhookEndpointWithSecret;
import io.penstock.ingest.IngestApi;
import io.penstock.ingest.IngestConfig;
import io.penstock.ingest.batches.BatchesApi.Observed;
import io.penstock.ingest.http.HttpServerConfig;
import io.penstock.ingest.webhooks.SecretBox;
import io.penstock.ingest.webhooks.WebhooksConfig;
import io.penstock.ingest.webhooks.http.Reach;
import io.penstock.payload.LocalPayloadStore;
import io.penstock.pool.discovery.EngineSources;
import io.penstock.service.KafkaClients;
import io.penstock.service.Metrics;
import io.penstock.standalone.WebhookReceiver.Posted;
import io.penstock.topics.admin.TopicsAdmin;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.Submission;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One broker, one receiver, and API replicas whose clock stands still unless it is moved.
final class WebhookRig implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final Topics TOPICS = new Topics(TopicLayout.STANDALONE);

    final WebhookReceiver receiver = new WebhookReceiver();
    final HttpClient http = HttpClient.newHttpClient();
    private final AtomicReference<Instant> now =
            new AtomicReference<>(InstantSource.system().instant());
    private final Path dir;
    private final List<String> tenants;
    private final EmbeddedBroker broker;
    private final KafkaProducer<byte[], byte[]> producer;
    private IngestApi api;

    /// With an API key for each of `tenants`, which is its name.
    WebhookRig(Path dir, List<String> tenants) throws Exception {
        this.dir = dir;
        this.tenants = tenants;
        broker = new EmbeddedBroker(dir.resolve("broker"), 0);
        broker.start();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            new TopicsAdmin(admin, TOPICS).apply();
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        api = startApi();
    }

    @Override
    public void close() {
        api.close();
        http.close();
        receiver.close();
        producer.close();
        broker.close();
    }

    /// Stops the only API, lets `meanwhile` happen, and starts another one.
    void restart(Runnable meanwhile) throws Exception {
        api.close();
        meanwhile.run();
        api = startApi();
    }

    IngestApi startApi() throws Exception {
        WebhooksConfig.Limits limits = WebhooksConfig.Limits.DEFAULT;
        return startApi(config().withWebhooks(new WebhooksConfig(
                SecretBox.ofOrNew(dir.resolve("webhooks.key")),
                Reach.ANYWHERE,
                new WebhooksConfig.Limits(limits.schedule(), Duration.ofSeconds(15), 8, 4, 1000, 2))));
    }

    IngestApi startApi(IngestConfig config) throws Exception {
        InstantSource clock = now::get;
        IngestApi started = new IngestApi(
                config,
                KafkaClients.at(broker.bootstrapServers()),
                TOPICS,
                new LocalPayloadStore(dir.resolve("payloads"), clock),
                new Observed(new Metrics(), clock));
        started.start();
        return started;
    }

    /// API keys are the names of their tenants.
    IngestConfig config() {
        IngestConfig plain = IngestConfig.of(
                HttpServerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                EngineSources.named(List.of()));
        return plain.with(tenants.stream().collect(Collectors.toMap(name -> name, TenantId::new)));
    }

    OpenAIClient client(String tenant) {
        return OpenAIOkHttpClient.builder()
                .apiKey(tenant)
                .baseUrl("http://127.0.0.1:" + api.port() + "/v1")
                .build();
    }

    WebhookEndpointWithSecret create(OpenAIClient openai, String path) {
        return openai.webhooks()
                .create(WebhookCreateParams.builder()
                        .name("mine")
                        .url(receiver.url(path))
                        .addEventType(WebhookCreateParams.EventType.BATCH_COMPLETED)
                        .addEventType(WebhookCreateParams.EventType.BATCH_FAILED)
                        .addEventType(WebhookCreateParams.EventType.BATCH_CANCELLED)
                        .build());
    }

    /// A batch of `tenant` ends.
    BatchId finish(String tenant, BatchStatus end) {
        Instant at = now.get();
        Batch batch = Batch.submitted(
                BatchId.random(),
                new Submission(
                        new TenantId(tenant),
                        "/v1/chat/completions",
                        "file-1",
                        null,
                        "24h",
                        ObjectiveName.BATCH,
                        Map.of(),
                        at,
                        at.plusSeconds(86_400),
                        null,
                        null,
                        null));
        List<BatchStatus> way = end == BatchStatus.COMPLETED
                ? List.of(BatchStatus.IN_PROGRESS, BatchStatus.FINALIZING, end)
                : end == BatchStatus.CANCELLED ? List.of(BatchStatus.CANCELLING, end) : List.of(end);
        Topic<BatchId, Batch> topic = TOPICS.batches();
        for (Batch each : Stream.concat(Stream.of(batch), steps(batch, way, at)).toList()) {
            var _ = producer.send(new ProducerRecord<>(
                    topic.name(),
                    topic.key().serializer().serialize(topic.name(), each.id()),
                    topic.value().serializer().serialize(topic.name(), each)));
        }
        producer.flush();
        return batch.id();
    }

    private static Stream<Batch> steps(Batch batch, List<BatchStatus> way, Instant at) {
        Stream.Builder<Batch> steps = Stream.builder();
        Batch current = batch;
        for (BatchStatus next : way) {
            current = current.entering(next, at);
            steps.add(current);
        }
        return steps.build();
    }

    void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    List<Posted> awaitPosts(String path, int count) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(receiver.posted(path)).hasSizeGreaterThanOrEqualTo(count));
        return receiver.posted(path);
    }

    /// The newest delivery, once the log has `count` attempts of it.
    JsonNode awaitAttempts(String tenant, String endpoint, int count) {
        AtomicReference<JsonNode> newest = new AtomicReference<>();
        await().atMost(PATIENCE).until(() -> {
            newest.set(get(tenant, "/webhook_endpoints/" + endpoint + "/deliveries")
                    .at("/data/0"));
            return newest.get().at("/attempts").size() == count;
        });
        return newest.get();
    }

    Set<String> told(String path) {
        return receiver.posted(path).stream()
                .map(posted -> JsonMapper.shared()
                        .readTree(posted.body())
                        .at("/data/id")
                        .asString())
                .collect(Collectors.toSet());
    }

    JsonNode get(String tenant, String path) throws IOException, InterruptedException {
        return send("GET", tenant, path, "");
    }

    JsonNode send(String method, String tenant, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + "/v1" + path))
                .header("Authorization", "Bearer " + tenant)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return JsonMapper.shared()
                .readTree(http.send(request, BodyHandlers.ofString()).body());
    }
}
