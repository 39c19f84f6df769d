package io.penstock.bench;

import io.penstock.router.RouterApp;
import io.penstock.router.RouterConfig;
import io.penstock.router.RouterConfig.OnClose;
import io.penstock.router.RouterConfig.Stores;
import io.penstock.router.RouterConfig.Tuning;
import io.penstock.router.ledger.LedgerCount;
import io.penstock.router.ledger.LedgerMetrics;
import io.penstock.router.ledger.LedgerPolicy;
import io.penstock.router.tag.TagPolicy;
import io.penstock.standalone.EmbeddedBroker;
import io.penstock.topics.admin.TopicsAdmin;
import io.penstock.topics.catalogue.Headers;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.LaneStatus;
import io.penstock.topics.record.ServedModel;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A broker and a router in this JVM, and a producer of requests: all that a ledger benchmark needs.
final class LedgerUnderTest implements AutoCloseable {
    static final ModelName MODEL = new ModelName("bench");
    private static final TopicLayout LAYOUT = TopicLayout.STANDALONE;

    private final Path dir;
    private final Map<String, String> kafka;
    private final EmbeddedBroker broker;
    private final Topics topics = new Topics(LAYOUT);
    private final Map<LedgerCount, AtomicLong> counts = new EnumMap<>(LedgerCount.class);
    private final KafkaProducer<byte[], byte[]> producer;
    private RouterApp router;

    /// `kafka` are settings of the router's clients.
    LedgerUnderTest(Path dir, Map<String, String> kafka) throws Exception {
        this.dir = dir;
        this.kafka = kafka;
        for (LedgerCount count : LedgerCount.values()) {
            counts.put(count, new AtomicLong());
        }
        broker = new EmbeddedBroker(dir.resolve("broker"), 0);
        broker.start();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            new TopicsAdmin(admin, topics).apply();
        }
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "acks",
                        "all",
                        "linger.ms",
                        "0",
                        "compression.type",
                        "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        ServedModel served = new ServedModel(MODEL, MODEL, new PoolName(MODEL.value()), 8192);
        Topic<ModelName, ServedModel> models = topics.models();
        producer.send(new ProducerRecord<>(
                        models.name(),
                        models.key().serializer().serialize(models.name(), MODEL),
                        models.value().serializer().serialize(models.name(), served)))
                .get();
        router = open();
    }

    private RouterApp open() throws InterruptedException {
        RouterConfig config = new RouterConfig(
                broker.bootstrapServers(),
                "bench-router",
                "bench",
                dir.resolve("state"),
                new Tuning(1, 0, Duration.ofMillis(10), Stores.ROCKS_DB, OnClose.REMAIN_IN_GROUP),
                LedgerPolicy.DEFAULT.withWorkPartitions(LAYOUT.workPartitions()),
                TagPolicy.DEFAULT,
                kafka);
        RouterApp opened = new RouterApp(topics, config, new Counting(), InstantSource.system());
        opened.start();
        while (!opened.isRunning()) {
            Thread.sleep(1);
        }
        return opened;
    }

    /// Closes the router and opens it again on the same state; returns once it runs.
    void restart() throws InterruptedException {
        router.close();
        router = open();
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    Topics topics() {
        return topics;
    }

    long count(LedgerCount what) {
        AtomicLong count = counts.get(what);
        return count == null ? 0 : count.get();
    }

    /// Puts lines `from` to `to`, both inclusive, of `batch` on the low topic, each as a reference.
    void submit(BatchId batch, int from, int to) {
        Topic<byte[], byte[]> requests = topics.requests(Band.LOW);
        for (int line = from; line <= to; line++) {
            byte[] id = RequestId.ofLine(batch, line).value().getBytes(StandardCharsets.UTF_8);
            byte[] value = ("{\"custom_id\":\"line-" + line
                            + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body_ref\":{\"blob\":\"blob\","
                            + "\"offset\":" + line * 400L + ",\"length\":400},\"body_facts\":{\"model\":\"" + MODEL
                            + "\",\"modelValue\":{\"offset\":9,\"length\":7},\"prompt\":\"messages\",\"stream\":false,"
                            + "\"maxTokens\":16,\"promptBytes\":300,\"prefix\":7}}")
                    .getBytes(StandardCharsets.UTF_8);
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(requests.name(), id, value);
            record.headers().add(Headers.REQUEST_ID, id);
            Future<RecordMetadata> _ = producer.send(record);
        }
        producer.flush();
    }

    /// CPU time that the router's threads have taken so far, in seconds.
    double routerCpuSeconds() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().contains("-StreamThread-") && !isClient(thread)) {
                nanos += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return nanos / 1e9;
    }

    /// A stream thread's clients run threads of their own, named after it.
    private static boolean isClient(ThreadInfo thread) {
        return thread.getThreadName().startsWith("kafka-");
    }

    /// Waits until `what` has been counted `atLeast` times; returns the seconds it took.
    double await(LedgerCount what, long atLeast) throws InterruptedException {
        long started = System.nanoTime();
        while (count(what) < atLeast) {
            Thread.sleep(1);
        }
        return (System.nanoTime() - started) / 1e9;
    }

    @Override
    public void close() {
        router.close();
        producer.close(Duration.ofSeconds(5));
        broker.close();
    }

    private final class Counting implements LedgerMetrics {
        @Override
        public void count(LedgerCount what, long by) {
            AtomicLong count = counts.get(what);
            if (count != null) {
                count.addAndGet(by);
            }
        }

        @Override
        public void lane(LaneStatus status, Duration oldest) {}
    }
}
