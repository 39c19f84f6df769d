package io.penstock.worker;

import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Outcome;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.ServedModel;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a worker writes to Kafka: pulls, outcomes, and the models it serves.
///
/// Callers hand records over and never wait: a thread of its own, `reports`, gives them to the producer,
/// which blocks while Kafka is away and its buffer is full. What lies before that thread is bounded: of each
/// endpoint's pulls only the newest counts, and every ticket has one outcome.
///
/// An outcome is sent until it is acknowledged, however long the brokers are away: the ledger waits for
/// it as long as this worker's heartbeat lasts. If one cannot be written at all, `onLost` must end this
/// life of the worker, so that the ledger gives its tickets to others. A model is announced until Kafka
/// takes it, once in 5 s.
final class KafkaReports implements Reports {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaReports.class);
    private static final int REQUEST_BYTES_MAX = 2 * 1024 * 1024;
    /// Rights that are missing are granted by a person, who waits to see it work.
    private static final Duration ANNOUNCED_AGAIN = Duration.ofSeconds(5);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final KafkaProducer<byte[], byte[]> producer;
    private final Topics topics;
    private final Runnable onLost;
    private final Map<Puller, Pull> newest = new ConcurrentHashMap<>();
    private final Map<ModelName, ServedModel> announced = new ConcurrentHashMap<>();
    private final ExecutorService sender = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("reports").factory());

    KafkaReports(Properties kafka, Topics topics, Runnable onLost) {
        Properties properties = new Properties();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        // A broker that is cut off breaks no connection: what it was sent goes to the next leader after this.
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        // One that comes back is tried four times a second: until then the ledger hears nothing.
        properties.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "250");
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.toString(Integer.MAX_VALUE));
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(Long.MAX_VALUE));
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(REQUEST_BYTES_MAX));
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "penstock-worker");
        properties.putAll(kafka);
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        this.topics = topics;
        this.onLost = onLost;
    }

    @Override
    public void pull(Pull pull) {
        if (newest.put(pull.puller(), pull) == null) {
            sender.execute(() -> {
                Pull next = newest.remove(pull.puller());
                if (next != null) {
                    send(next);
                }
            });
        }
    }

    @Override
    public void outcome(Envelope<Outcome> outcome) {
        sender.execute(() -> {
            try {
                send(outcome);
            } catch (RuntimeException e) {
                lost(outcome, e);
            }
        });
    }

    @Override
    public void serving(ServedModel model) {
        announced.put(model.name(), model);
        sender.execute(() -> send(model));
    }

    private void send(Pull pull) {
        var topic = topics.pulls();
        byte[] key = topic.key().serializer().serialize(topic.name(), pull.pool());
        // A lost pull is superseded by the next; nobody needs to wait for it.
        Future<RecordMetadata> _ = producer.send(
                new ProducerRecord<>(
                        topic.name(), key, topic.value().serializer().serialize(topic.name(), pull)),
                (_, failure) -> {
                    if (failure != null) {
                        LOG.atWarn().addKeyValue("reason", failure.getMessage()).log("a pull was not written");
                    }
                });
    }

    private void send(Envelope<Outcome> outcome) {
        var topic = topics.outcomes();
        byte[] key = topic.key()
                .serializer()
                .serialize(topic.name(), outcome.meta().pull().pool());
        Future<RecordMetadata> _ = producer.send(
                new ProducerRecord<>(
                        topic.name(), key, topic.value().serializer().serialize(topic.name(), outcome)),
                (_, failure) -> {
                    if (failure != null) {
                        lost(outcome, failure);
                    }
                });
    }

    private void lost(Envelope<Outcome> outcome, Exception failure) {
        LOG.atError()
                .addKeyValue("requestId", outcome.meta().id())
                .setCause(failure)
                .log("an outcome cannot be written; this worker gives up its tickets");
        onLost.run();
    }

    private void send(ServedModel model) {
        var topic = topics.models();
        byte[] key = topic.key().serializer().serialize(topic.name(), model.name());
        Future<RecordMetadata> _ = producer.send(
                new ProducerRecord<>(
                        topic.name(), key, topic.value().serializer().serialize(topic.name(), model)),
                (_, failure) -> {
                    if (failure != null) {
                        LOG.atWarn()
                                .addKeyValue("model", model.name())
                                .addKeyValue("reason", failure.getMessage())
                                .log("a model was not announced; it will be tried again");
                        sendAgain(model);
                    }
                });
    }

    /// Unless it was announced otherwise meanwhile.
    private void sendAgain(ServedModel model) {
        CompletableFuture.delayedExecutor(ANNOUNCED_AGAIN.toMillis(), TimeUnit.MILLISECONDS, sender)
                .execute(() -> {
                    if (model.equals(announced.get(model.name()))) {
                        send(model);
                    }
                });
    }

    @Override
    public void close() {
        sender.shutdown();
        try {
            if (!sender.awaitTermination(CLOSE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("some reports could not be written in time; their leases will run out");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        producer.close(CLOSE_TIMEOUT);
    }
}
