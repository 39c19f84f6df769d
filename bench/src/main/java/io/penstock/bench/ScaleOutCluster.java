package io.penstock.bench;

import io.penstock.payload.LocalPayloadStore;
import io.penstock.pool.Endpoint;
import io.penstock.pool.discovery.EngineSources;
import io.penstock.router.RouterApp;
import io.penstock.router.RouterConfig;
import io.penstock.router.RouterConfig.OnClose;
import io.penstock.router.RouterConfig.Stores;
import io.penstock.router.RouterConfig.Tuning;
import io.penstock.router.ledger.LedgerCount;
import io.penstock.router.ledger.LedgerMetrics;
import io.penstock.router.ledger.LedgerPolicy;
import io.penstock.router.tag.TagPolicy;
import io.penstock.service.KafkaClients;
import io.penstock.service.Metrics;
import io.penstock.simulator.Simulator;
import io.penstock.simulator.SimulatorConfig;
import io.penstock.simulator.engine.EngineProfile;
import io.penstock.simulator.engine.StepCost;
import io.penstock.standalone.EmbeddedBroker;
import io.penstock.topics.admin.TopicsAdmin;
import io.penstock.topics.catalogue.Headers;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.WorkerId;
import io.penstock.topics.record.LaneStatus;
import io.penstock.topics.record.ServedModel;
import io.penstock.worker.Worker;
import io.penstock.worker.WorkerConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A broker, some routers of one application, and workers of one kind or the other, all in this JVM.
final class ScaleOutCluster implements AutoCloseable {
    /// 16 requests at a time, 20 ms a step: answers of 32 tokens come at 25 a second.
    private static final EngineProfile FIXED_RATE = EngineProfile.TINY
            .withCost(new StepCost(20_000_000, 0, 0, 0))
            .withLimits(EngineProfile.TINY.limits().withMaxNumSeqs(16));

    private static final int ANSWER_TOKENS = 32;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final TopicLayout LAYOUT = TopicLayout.STANDALONE;

    private final Path dir;
    private final InstantSource clock = InstantSource.system();
    private final Topics topics = new Topics(LAYOUT);
    private final AtomicLong results = new AtomicLong();
    private final Deque<Runnable> parts = new ArrayDeque<>();
    private final String bootstrapServers;
    private final KafkaProducer<byte[], byte[]> producer;
    private long submitted;

    /// `pools` are known to the routers from the start: they answer requests for a model they do not know.
    ScaleOutCluster(Path dir, int routers, int pools) throws Exception {
        this.dir = dir;
        EmbeddedBroker broker = new EmbeddedBroker(dir.resolve("broker"), 0);
        broker.start();
        parts.push(broker::close);
        bootstrapServers = broker.bootstrapServers();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            new TopicsAdmin(admin, topics).apply();
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "compression.type", "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        parts.push(() -> producer.close(Duration.ofSeconds(5)));
        for (int i = 0; i < pools; i++) {
            serve(model(i));
        }
        for (int i = 0; i < routers; i++) {
            RouterApp router = new RouterApp(topics, config(i), new Results(), clock);
            router.start();
            parts.push(router::close);
            while (!router.isRunning()) {
                Thread.sleep(10);
            }
        }
    }

    private RouterConfig config(int index) {
        return new RouterConfig(
                bootstrapServers,
                "bench-router",
                "router-" + index,
                dir.resolve("state-" + index),
                new Tuning(1, 0, Duration.ofMillis(10), Stores.ROCKS_DB, OnClose.LEAVE_GROUP),
                LedgerPolicy.DEFAULT.withWorkPartitions(LAYOUT.workPartitions()),
                TagPolicy.DEFAULT,
                Map.of());
    }

    /// Starts so many workers of one pool, each with an engine of its own.
    void engines(int workers) throws IOException {
        for (int i = 0; i < workers; i++) {
            Simulator engine = Simulator.start(
                    SimulatorConfig.defaults().withProfile(FIXED_RATE).withModels(model(0).value()));
            parts.push(engine::close);
            EngineSources sources = EngineSources.named(List.of(Endpoint.at(URI.create(engine.baseUrl()))));
            Worker worker = new Worker(
                    WorkerConfig.of(new WorkerId("worker-" + i), sources).draining(Duration.ZERO),
                    KafkaClients.at(bootstrapServers),
                    topics,
                    new LocalPayloadStore(dir.resolve("payloads"), clock),
                    new Metrics(),
                    clock);
            worker.start();
            parts.push(worker::close);
        }
    }

    private void serve(ModelName model) throws Exception {
        Topic<ModelName, ServedModel> models = topics.models();
        ServedModel served = new ServedModel(model, model, new PoolName(model.value()), 8192);
        producer.send(new ProducerRecord<>(
                        models.name(),
                        models.key().serializer().serialize(models.name(), model),
                        models.value().serializer().serialize(models.name(), served)))
                .get();
    }

    /// Starts a worker for each of so many pools that answers at once.
    void answerAtOnce(int pools) {
        for (int i = 0; i < pools; i++) {
            NullWorker worker = new NullWorker(bootstrapServers, topics, model(i), 1024, _ -> {});
            parts.push(worker::close);
        }
    }

    /// Puts so many requests on the low topic, spread evenly over so many pools.
    void submit(int pools, int requests) {
        Topic<byte[], byte[]> low = topics.requests(Band.LOW);
        for (int i = 0; i < requests; i++) {
            byte[] id = ("r" + submitted++).getBytes(StandardCharsets.UTF_8);
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(low.name(), id, line(model(i % pools)));
            record.headers().add(Headers.REQUEST_ID, id);
            Future<RecordMetadata> _ = producer.send(record);
        }
        producer.flush();
    }

    private byte[] line(ModelName model) {
        return ("{\"custom_id\":\"c" + submitted + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                        + "{\"model\":\"" + model + "\",\"max_tokens\":" + ANSWER_TOKENS
                        + ",\"ignore_eos\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Say " + submitted
                        + "\"}]}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static ModelName model(int pool) {
        return new ModelName("scale-" + pool);
    }

    /// Requests that have ended.
    long results() {
        return results.get();
    }

    /// Waits until so many have ended.
    ///
    /// @throws IllegalStateException when they have not after 5 minutes
    void await(long atLeast) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (results.get() < atLeast) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(results + " of " + atLeast + " requests had ended after " + PATIENCE);
            }
            Thread.sleep(1);
        }
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            parts.pop().run();
        }
    }

    private final class Results implements LedgerMetrics {
        @Override
        public void count(LedgerCount what, long by) {
            if (what == LedgerCount.RESULTS) {
                results.addAndGet(by);
            }
        }

        @Override
        public void lane(LaneStatus status, Duration oldest) {}
    }
}
