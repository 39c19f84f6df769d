package io.penstock.standalone.crash;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/// Notes when each committed record of some topics can first be read, by this process's monotonic
/// clock. The note is about 50 ms late at most; a broker that goes away and comes back is followed.
public final class TopicWatch implements AutoCloseable {
    private static final List<Topic> WATCHED =
            List.of(Topic.REQUESTS_HIGH, Topic.REQUESTS_NORMAL, Topic.REQUESTS_LOW, Topic.BATCHES, Topic.RESULTS);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<Seen> seen = new ArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    /// A committed record, and when it was first seen (`System.nanoTime`).
    public record Seen(Topic topic, TopicPartition partition, long offset, String value, long nanos) {}

    public TopicWatch(String bootstrapServers, Broker broker) {
        consumer = Broker.consumer(bootstrapServers);
        List<TopicPartition> partitions = WATCHED.stream()
                .flatMap(topic -> broker.partitions(topic).stream())
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        thread = Thread.ofPlatform().daemon().name("topic watch").start(this::run);
    }

    /// How many records have been seen on these topics.
    public int count(List<Topic> topics) {
        return (int) of(topics).count();
    }

    /// What has been seen on these topics.
    public Stream<Seen> of(List<Topic> topics) {
        return snapshot().stream().filter(record -> topics.contains(record.topic()));
    }

    /// The offset after the last record seen, for each partition that has one.
    public Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        snapshot().forEach(record -> positions.merge(record.partition(), record.offset() + 1, Math::max));
        return positions;
    }

    /// When the first record at or behind `mark` was seen on one of these topics.
    public OptionalLong firstFrom(Map<TopicPartition, Long> mark, List<Topic> topics) {
        Predicate<Seen> isNew = record -> record.offset() >= mark.getOrDefault(record.partition(), 0L);
        return of(topics).filter(isNew).mapToLong(Seen::nanos).min();
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized List<Seen> snapshot() {
        return List.copyOf(seen);
    }

    private void run() {
        try (consumer) {
            while (!closed) {
                consumer.poll(Duration.ofMillis(50)).forEach(this::note);
            }
        } catch (WakeupException _) {
            // Closing.
        }
    }

    private synchronized void note(ConsumerRecord<byte[], byte[]> record) {
        String value = record.value() == null ? "" : new String(record.value(), StandardCharsets.UTF_8);
        seen.add(new Seen(
                Topic.of(record.topic()),
                new TopicPartition(record.topic(), record.partition()),
                record.offset(),
                value,
                System.nanoTime()));
    }
}
