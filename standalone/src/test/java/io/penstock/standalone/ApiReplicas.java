package io.penstock.standalone;

import static org.awaitility.Awaitility.await;

import io.penstock.ingest.IngestApi;
import io.penstock.ingest.IngestConfig;
import io.penstock.ingest.batches.BatchesApi.Observed;
import io.penstock.ingest.http.HttpServerConfig;
import io.penstock.ingest.webhooks.SecretBox;
import io.penstock.ingest.webhooks.WebhooksConfig;
import io.penstock.ingest.webhooks.http.Reach;
import io.penstock.payload.LocalPayloadStore;
import io.penstock.payload.PayloadStore;
import io.penstock.pool.discovery.EngineSources;
import io.penstock.service.Health;
import io.penstock.service.KafkaClients;
import io.penstock.service.Metrics;
import io.penstock.service.Services;
import io.penstock.topics.admin.TopicsAdmin;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.record.ServedModel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;

/// Replicas of the API on one broker and one payload store, with no engine; there is one model, `m`.
final class ApiReplicas implements AutoCloseable {
    static final Topics TOPICS = new Topics(TopicLayout.STANDALONE);
    private static final ModelName MODEL = new ModelName("m");

    private final Services services = new Services();
    private final Path dir;
    private final String bootstrap;

    ApiReplicas(Path dir) throws Exception {
        this.dir = dir;
        bootstrap = services.start(new EmbeddedBroker(dir.resolve("broker"), 0)).bootstrapServers();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            new TopicsAdmin(admin, TOPICS).apply();
        }
        try (KafkaProducer<ModelName, ServedModel> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap),
                TOPICS.models().key().serializer(),
                TOPICS.models().value().serializer())) {
            ServedModel served = new ServedModel(MODEL, MODEL, new PoolName("p"), null);
            producer.send(new ProducerRecord<>(TOPICS.models().name(), MODEL, served))
                    .get();
        }
    }

    /// Starts one more; returns its address, without `/v1`, when it knows what is on the log.
    String replica() throws Exception {
        InstantSource clock = InstantSource.system();
        PayloadStore payloads = new LocalPayloadStore(dir.resolve("payloads"), clock);
        HttpServerConfig http = HttpServerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        WebhooksConfig webhooks = new WebhooksConfig(
                SecretBox.ofOrNew(dir.resolve("webhooks.key")), Reach.ANYWHERE, WebhooksConfig.Limits.DEFAULT);
        IngestApi api = services.start(new IngestApi(
                IngestConfig.of(http, EngineSources.named(List.of())).withWebhooks(webhooks),
                KafkaClients.at(bootstrap),
                TOPICS,
                payloads,
                new Observed(new Metrics(), clock)));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> api.catalogues() instanceof Health.Up && api.knowsModel(MODEL));
        return "http://127.0.0.1:" + api.port();
    }

    /// Every record of `topic`, in the order of each partition.
    List<ConsumerRecord<String, String>> read(String topic) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap), new StringDeserializer(), new StringDeserializer())) {
            return WholeTopic.read(consumer, topic);
        }
    }

    /// What two calls are answered that are made at the same moment, in the order of their numbers, 0 and 1.
    static <T> List<T> together(ExecutorService threads, Call<T> call) throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        List<Future<T>> sent = IntStream.range(0, 2)
                .mapToObj(number -> threads.submit(() -> {
                    both.await();
                    return call.make(number);
                }))
                .toList();
        return List.of(sent.get(0).get(), sent.get(1).get());
    }

    /// The call of a number.
    interface Call<T> {
        T make(int number) throws Exception;
    }

    @Override
    public void close() {
        services.close();
    }
}
