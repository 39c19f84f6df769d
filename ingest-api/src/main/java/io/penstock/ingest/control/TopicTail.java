package io.penstock.ingest.control;

import io.penstock.topics.catalogue.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads the last records of a topic's first partition: for what operators look at now and then, and
/// nobody keeps in memory.
public final class TopicTail<K, V> {
    /// Records looked at, at most.
    public static final int RECORDS_MAX = 10_000;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Topic<K, V> topic;
    private final Properties kafka;

    public TopicTail(Topic<K, V> topic, Properties kafka) {
        this.topic = topic;
        this.kafka = kafka;
    }

    /// The last values, newest first; fewer if they cannot all be read within 5 s.
    public List<V> newestFirst() {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "5000");
        properties.putAll(kafka);
        TopicPartition first = new TopicPartition(topic.name(), 0);
        List<V> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(first));
            long end = consumer.endOffsets(List.of(first)).getOrDefault(first, 0L);
            long begin = consumer.beginningOffsets(List.of(first)).getOrDefault(first, 0L);
            consumer.seek(first, Math.max(begin, end - RECORDS_MAX));
            long giveUp = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.position(first) < end && System.nanoTime() < giveUp) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    add(record, values);
                }
            }
        }
        return values.reversed();
    }

    private void add(ConsumerRecord<byte[], byte[]> record, List<V> values) {
        try {
            V value = topic.value().deserializer().deserialize(topic.name(), record.value());
            if (value != null) {
                values.add(value);
            }
        } catch (SerializationException _) {
            // One that cannot be read is the dead letters' business.
        }
    }
}
