package io.penstock.ingest.view;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.service.Service;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.record.StoredResponse.Place;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// Reads single records of the results by their place. Up to 8 threads read at a time, each with a
/// consumer of its own that is kept for the next; more wait for 5 s at most.
public final class ResultReader implements Service {
    private static final int READERS_MAX = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Topic<?, byte[]> topic;
    private final Properties properties = new Properties();
    private final Semaphore readers = new Semaphore(READERS_MAX, true);
    private final ConcurrentLinkedDeque<KafkaConsumer<byte[], byte[]>> idle = new ConcurrentLinkedDeque<>();

    public ResultReader(Topic<?, byte[]> topic, Properties kafka) {
        this.topic = topic;
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1");
        // A fetch brings the batch of the record whatever its size, and little of what follows.
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, "16384");
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "5000");
        properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "results");
        properties.putAll(kafka);
    }

    @Override
    public String name() {
        return "result reader";
    }

    @Override
    public void start() {
        // Consumers are made when they are first needed.
    }

    @Override
    public void close() {
        for (KafkaConsumer<byte[], byte[]> consumer = idle.poll(); consumer != null; consumer = idle.poll()) {
            consumer.close();
        }
    }

    /// The value at `place`, null if it is not there any more.
    ///
    /// @throws ApiException 503 if it cannot be read now
    public byte @Nullable [] at(Place place) {
        acquire();
        KafkaConsumer<byte[], byte[]> consumer = idle.poll();
        try {
            if (consumer == null) {
                consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            }
            byte[] value = read(consumer, place);
            idle.push(consumer);
            return value;
        } catch (KafkaException e) {
            if (consumer != null) {
                consumer.close();
            }
            throw unavailable(String.valueOf(e.getMessage()));
        } finally {
            readers.release();
        }
    }

    private byte @Nullable [] read(KafkaConsumer<byte[], byte[]> consumer, Place place) {
        TopicPartition partition = new TopicPartition(topic.name(), place.partition());
        consumer.assign(List.of(partition));
        consumer.seek(partition, place.offset());
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - giveUp < 0) {
            try {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                    return record.offset() == place.offset() ? record.value() : null;
                }
            } catch (OffsetOutOfRangeException _) {
                return null;
            }
        }
        throw new KafkaException("it takes longer than " + PATIENCE.toSeconds() + " s");
    }

    private void acquire() {
        try {
            if (readers.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw unavailable(READERS_MAX + " others are reading");
    }

    private ApiException unavailable(String why) {
        return new ApiException(
                ErrorKind.OVERLOADED, "Topic " + topic.name() + " cannot be read now (" + why + "); please try again.");
    }
}
