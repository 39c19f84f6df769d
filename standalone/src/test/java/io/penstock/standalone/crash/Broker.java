package io.penstock.standalone.crash;

import io.penstock.standalone.WholeTopic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// What Kafka's own tools would say of the topics: plain consumers and an admin client, no class of the
/// product.
public final class Broker implements AutoCloseable {
    private final String bootstrapServers;
    private final Admin admin;

    public Broker(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    public Map<TopicPartition, Long> ends(Topic topic, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions(topic).forEach(partition -> asked.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        get(admin.listOffsets(asked, new ListOffsetsOptions(isolation)).all())
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    /// Offsets written so far, transactions' markers and open transactions included.
    public long written(Topic topic) {
        return sum(ends(topic, IsolationLevel.READ_UNCOMMITTED));
    }

    /// True if the topic holds records of a transaction that is neither committed nor aborted.
    public boolean isTransactionOpen(Topic topic) {
        return written(topic) > sum(ends(topic, IsolationLevel.READ_COMMITTED));
    }

    /// True once consumer group `group` has committed all there is in `topic`.
    public boolean hasRead(String group, Topic topic) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        return ends(topic, IsolationLevel.READ_COMMITTED).entrySet().stream().allMatch(end -> {
            OffsetAndMetadata offset = committed.get(end.getKey());
            return end.getValue() == 0 || (offset != null && offset.offset() >= end.getValue());
        });
    }

    /// Everything committed in `topic`, partition by partition.
    public List<ConsumerRecord<byte[], byte[]>> read(Topic topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers)) {
            return WholeTopic.read(consumer, topic.onBroker());
        }
    }

    /// Deletes all that is in `topic` now.
    public void deleteRecords(Topic topic) {
        Map<TopicPartition, RecordsToDelete> before = new HashMap<>();
        ends(topic, IsolationLevel.READ_UNCOMMITTED)
                .forEach((partition, end) -> before.put(partition, RecordsToDelete.beforeOffset(end)));
        get(admin.deleteRecords(before).all());
    }

    public List<TopicPartition> partitions(Topic topic) {
        return get(admin.describeTopics(List.of(topic.onBroker())).allTopicNames()).values().stream()
                .flatMap(description -> description.partitions().stream())
                .map(partition -> new TopicPartition(topic.onBroker(), partition.partition()))
                .toList();
    }

    /// A consumer of committed records, without a group.
    public static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        "false",
                        "auto.offset.reset",
                        "earliest",
                        // A broker that comes back is noticed at once.
                        "reconnect.backoff.max.ms",
                        "100",
                        "fetch.max.wait.ms",
                        "50",
                        // One that is cut off is given up soon, and the next leader asked.
                        "request.timeout.ms",
                        "3000",
                        "metadata.max.age.ms",
                        "1000"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }

    public static long sum(Map<TopicPartition, Long> offsets) {
        return offsets.values().stream().mapToLong(Long::longValue).sum();
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
