package io.penstock.ingest.control;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.topics.catalogue.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// Reads a topic's first partition, or another one, from its end backwards: for what operators look at now and then,
/// and
/// nobody keeps in memory. Only what the caller picks is held.
public final class TopicTail<K, V> {
    /// Records looked at, at most.
    public static final int RECORDS_MAX = 100_000;

    private static final int CHUNK_RECORDS = 1000;
    private static final int READERS_MAX = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Topic<K, V> topic;
    private final Properties properties = new Properties();
    private final Semaphore readers = new Semaphore(READERS_MAX);

    public TopicTail(Topic<K, V> topic, Properties kafka) {
        this.topic = topic;
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(CHUNK_RECORDS));
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "5000");
        properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        properties.putAll(kafka);
    }

    /// What `pick` makes of the last values, newest first; null leaves one out. Ends with `max` of them,
    /// at the beginning of the topic, or after 100,000 records.
    ///
    /// @throws ApiException 503 if they cannot be read now; a part of them is never taken for all
    public <T> List<T> newestFirst(Function<V, @Nullable T> pick, int max) {
        return newestFirst(0, pick, max);
    }

    /// The same of any `partition`.
    ///
    /// @throws ApiException 503 if they cannot be read now; a part of them is never taken for all
    public <T> List<T> newestFirst(int partition, Function<V, @Nullable T> pick, int max) {
        if (!readers.tryAcquire()) {
            throw unavailable(READERS_MAX + " others are reading it");
        }
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return backwards(consumer, new TopicPartition(topic.name(), partition), pick, max);
        } catch (KafkaException e) {
            throw unavailable(String.valueOf(e.getMessage()));
        } finally {
            readers.release();
        }
    }

    private <T> List<T> backwards(
            KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, Function<V, @Nullable T> pick, int max) {
        consumer.assign(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        long begin = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
        long stop = Math.max(begin, end - RECORDS_MAX);
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        List<T> found = new ArrayList<>();
        for (long to = end; to > stop && found.size() < max; to = Math.max(stop, to - CHUNK_RECORDS)) {
            consumer.seek(partition, Math.max(stop, to - CHUNK_RECORDS));
            List<T> chunk = new ArrayList<>();
            while (consumer.position(partition) < to) {
                if (System.nanoTime() - giveUp > 0) {
                    throw unavailable("it takes longer than " + PATIENCE.toSeconds() + " s");
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    add(record.offset() < to ? record.value() : null, pick, chunk);
                }
            }
            found.addAll(chunk.reversed());
        }
        return found.size() > max ? found.subList(0, max) : found;
    }

    private <T> void add(byte @Nullable [] bytes, Function<V, @Nullable T> pick, List<T> chunk) {
        try {
            V value = bytes == null ? null : topic.value().deserializer().deserialize(topic.name(), bytes);
            T picked = value == null ? null : pick.apply(value);
            if (picked != null) {
                chunk.add(picked);
            }
        } catch (SerializationException _) {
            // One that cannot be read is the dead letters' business.
        }
    }

    private ApiException unavailable(String why) {
        return new ApiException(
                ErrorKind.OVERLOADED, "Topic " + topic.name() + " cannot be read now (" + why + "); please try again.");
    }
}
