package io.penstock.ingest.claims;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.service.ConsumerLoop;
import io.penstock.service.KafkaClients;
import io.penstock.service.Service;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.record.Claim;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Claims on their topic of one partition, read from its beginning by one thread. A claim is written, and decided
/// when this process reads it back: by then it has read every one before it.
public final class KafkaClaims implements Claims, Service {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaClaims.class);
    /// 30 MB.
    private static final int HELD_MAX = 100_000;

    private final Topic<String, Claim> topic;
    private final BiConsumer<String, Claim> writer;
    private final Duration patience;
    private final ConsumerLoop loop;
    private final ClaimOrder order = new ClaimOrder(HELD_MAX);
    private final String replica = UUID.randomUUID().toString();
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, CompletableFuture<Claim>> undecided = new ConcurrentHashMap<>();

    /// `writer` returns once the log has the claim for good; then it has to be read back within `patience`.
    public KafkaClaims(
            Topic<String, Claim> topic, KafkaClients kafka, BiConsumer<String, Claim> writer, Duration patience) {
        this.topic = topic;
        this.writer = writer;
        this.patience = patience;
        Properties properties = new Properties();
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "claims");
        properties.putAll(kafka.consumer());
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = List.of(new TopicPartition(topic.name(), 0));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        this.loop = new ConsumerLoop("claims", consumer, this::decide);
    }

    @Override
    public String name() {
        return "claims";
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    @Override
    public Held claim(String id, String fingerprint) {
        Claim mine = new Claim(fingerprint, replica, numbers.incrementAndGet());
        CompletableFuture<Claim> decision = new CompletableFuture<>();
        undecided.put(mine.number(), decision);
        try {
            writer.accept(id, mine);
            Claim holds = decision.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return new Held(holds.fingerprint(), holds.replica().equals(replica));
        } catch (TimeoutException | ExecutionException _) {
            throw undecided();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw undecided();
        } finally {
            undecided.remove(mine.number());
        }
    }

    private ApiException undecided() {
        return new ApiException(
                ErrorKind.OVERLOADED,
                "Whether this is the first call of its idempotency key or upload could not be told within "
                        + patience.toMillis() + " ms (setting idempotency.wait.max.ms); please try again.");
    }

    private void decide(ConsumerRecord<byte[], byte[]> record) {
        try {
            String id = topic.key().deserializer().deserialize(topic.name(), record.key());
            Claim claim = topic.value().deserializer().deserialize(topic.name(), record.value());
            Claim holds = order.next(id, claim, Instant.ofEpochMilli(record.timestamp()));
            if (claim.replica().equals(replica)) {
                CompletableFuture<Claim> decision = undecided.get(claim.number());
                if (decision != null) {
                    decision.complete(holds);
                }
            }
        } catch (SerializationException e) {
            LOG.atError()
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("reason", e.getMessage())
                    .log("a claim cannot be read; it is passed over");
        }
    }
}
