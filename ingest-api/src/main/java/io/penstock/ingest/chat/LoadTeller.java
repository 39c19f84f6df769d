package io.penstock.ingest.chat;

import io.penstock.ingest.IngestMetric;
import io.penstock.pool.EnginePool;
import io.penstock.service.KafkaClients;
import io.penstock.service.Metrics;
import io.penstock.service.Service;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.EndpointId;
import io.penstock.topics.record.InteractiveLoad;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells workers of the interactive calls at each endpoint, within milliseconds of their coming, so that
/// background work makes way before the engine's own account shows them.
///
/// No call waits for it: it has a thread of its own, writes once (`acks=1`, no retries), says the newest only,
/// and while Kafka is away says nothing: workers then go by what they see.
public final class LoadTeller implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(LoadTeller.class);

    /// Changes of an endpoint within this time are told together.
    private static final long TOGETHER_MS = 20;

    /// What still holds is said again so often.
    private static final long AGAIN_MS = 500;

    private static final int BUFFER_BYTES = 1 << 20;

    private final String source = UUID.randomUUID().toString();
    private final EnginePool pool;
    private final Topic<EndpointId, InteractiveLoad> topic;
    private final Metrics metrics;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Set<EndpointId> due = ConcurrentHashMap.newKeySet();
    private final Map<EndpointId, Long> toldNanos = new ConcurrentHashMap<>();
    private final ScheduledExecutorService teller = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("interactive-load").factory());
    private volatile boolean failing;

    public LoadTeller(EnginePool pool, KafkaClients kafka, Topics topics, Metrics metrics) {
        Properties properties = new Properties();
        properties.put(ProducerConfig.ACKS_CONFIG, "1");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "false");
        properties.put(ProducerConfig.RETRIES_CONFIG, "0");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "500");
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "1000");
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "1000");
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Integer.toString(BUFFER_BYTES));
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "penstock-ingest-load");
        properties.putAll(kafka.producer());
        this.pool = pool;
        this.topic = topics.interactive();
        this.metrics = metrics;
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public String name() {
        return "interactive load";
    }

    @Override
    public void start() {
        pool.onCalls(this::changed);
        Future<?> _ = teller.scheduleWithFixedDelay(this::again, AGAIN_MS, AGAIN_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        teller.shutdownNow();
        producer.close(Duration.ofSeconds(1));
    }

    private void changed(EndpointId endpoint) {
        if (!due.add(endpoint)) {
            return;
        }
        long since = System.nanoTime() - toldNanos.getOrDefault(endpoint, System.nanoTime() - AGAIN_MS * 1_000_000);
        long wait = Math.max(0, TOGETHER_MS * 1_000_000 - since);
        try {
            Future<?> _ = teller.schedule(() -> tell(endpoint), wait, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException _) {
            // Closing: what was told runs out.
        }
    }

    private void again() {
        pool.states().stream()
                .map(state -> state.endpoint().id())
                .filter(endpoint -> pool.calls(endpoint).underWay() > 0)
                .forEach(this::tell);
    }

    private void tell(EndpointId endpoint) {
        due.remove(endpoint);
        toldNanos.put(endpoint, System.nanoTime());
        EnginePool.Calls calls = pool.calls(endpoint);
        InteractiveLoad load = new InteractiveLoad(endpoint, source, calls.underWay(), calls.awaiting());
        try {
            Future<RecordMetadata> _ = producer.send(
                    new ProducerRecord<>(
                            topic.name(),
                            topic.key().serializer().serialize(topic.name(), endpoint),
                            topic.value().serializer().serialize(topic.name(), load)),
                    (_, failure) -> told(failure));
        } catch (KafkaException e) {
            told(e);
        }
    }

    private void told(@Nullable Exception failure) {
        metrics.count(IngestMetric.LOAD_TOLD, failure == null ? "written" : "lost");
        if (failure != null && !failing) {
            LOG.atWarn()
                    .addKeyValue("reason", failure.getMessage())
                    .log("workers cannot be told of interactive calls now; they go by the engines' metrics");
        }
        failing = failure != null;
    }
}
