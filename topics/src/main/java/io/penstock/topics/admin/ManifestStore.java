package io.penstock.topics.admin;

import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RewriteName;
import io.penstock.topics.manifest.Kind;
import io.penstock.topics.manifest.Manifest;
import io.penstock.topics.manifest.ManifestKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Objectives, rewrites and pools as they lie on their topics, for commands. Blocking, at most 30 s for
/// each step; errors are `KafkaException`s. Two that write at the same time overwrite each other's
/// records and never mix them.
final class ManifestStore {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Properties client;
    private final Topics topics;

    ManifestStore(Properties client, Topics topics) {
        this.client = client;
        this.topics = topics;
    }

    /// Everything of `kinds`.
    Map<ManifestKey, Manifest> read(Collection<Kind> kinds) {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(PATIENCE.toMillis()));
        properties.putAll(client);
        Map<ManifestKey, Manifest> manifests = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            for (Kind kind : kinds) {
                List<? extends Manifest> found = switch (kind) {
                    case OBJECTIVE -> read(consumer, topics.objectives(), Manifest.OfObjective::new);
                    case REWRITE -> read(consumer, topics.rewrites(), Manifest.OfRewrite::new);
                    case POOL -> read(consumer, topics.pools(), Manifest.OfPool::new);
                };
                found.forEach(manifest -> manifests.put(ManifestKey.of(manifest), manifest));
            }
        }
        return manifests;
    }

    /// Writes all of them, and returns when the cluster has them.
    void write(Collection<Manifest> manifests) throws InterruptedException {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Manifest manifest : manifests) {
            records.add(
                    switch (manifest) {
                        case Manifest.OfObjective(var objective) ->
                            record(topics.objectives(), objective.name(), objective);
                        case Manifest.OfRewrite(var rewrite) -> record(topics.rewrites(), rewrite.name(), rewrite);
                        case Manifest.OfPool(var pool) -> record(topics.pools(), pool.name(), pool);
                    });
        }
        send(records);
    }

    /// Takes it away, and returns when the cluster knows.
    void delete(ManifestKey key) throws InterruptedException {
        send(List.of(
                switch (key.kind()) {
                    case OBJECTIVE -> record(topics.objectives(), new ObjectiveName(key.name()), null);
                    case REWRITE -> record(topics.rewrites(), new RewriteName(key.name()), null);
                    case POOL -> record(topics.pools(), new PoolName(key.name()), null);
                }));
    }

    private static <K, V> List<Manifest> read(
            KafkaConsumer<byte[], byte[]> consumer, Topic<K, V> topic, Function<V, Manifest> manifest) {
        if (consumer.partitionsFor(topic.name()).isEmpty()) {
            throw new KafkaException("topic " + topic.name() + " does not exist; `penstock topics apply` creates it");
        }
        TopicPartition only = new TopicPartition(topic.name(), 0);
        consumer.assign(List.of(only));
        consumer.seekToBeginning(List.of(only));
        long end = consumer.endOffsets(List.of(only)).getOrDefault(only, 0L);
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        Map<K, Manifest> newest = new HashMap<>();
        while (consumer.position(only) < end) {
            if (System.nanoTime() > giveUp) {
                throw new TimeoutException("topic " + topic.name() + " could not be read within " + PATIENCE);
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                take(topic, record, manifest, newest);
            }
        }
        return List.copyOf(newest.values());
    }

    /// What cannot be decoded counts as absent here as it does for those who use it.
    private static <K, V> void take(
            Topic<K, V> topic,
            ConsumerRecord<byte[], byte[]> record,
            Function<V, Manifest> manifest,
            Map<K, Manifest> newest) {
        try {
            K key = topic.key().deserializer().deserialize(topic.name(), record.key());
            newest.remove(key);
            if (record.value() != null) {
                newest.put(key, manifest.apply(topic.value().deserializer().deserialize(topic.name(), record.value())));
            }
        } catch (SerializationException _) {
            // It was written by something else; applying its name again replaces it.
        }
    }

    private static <K, V> ProducerRecord<byte[], byte[]> record(Topic<K, V> topic, K key, @Nullable V value) {
        return new ProducerRecord<>(
                topic.name(),
                topic.key().serializer().serialize(topic.name(), key),
                value == null ? null : topic.value().serializer().serialize(topic.name(), value));
    }

    private void send(List<ProducerRecord<byte[], byte[]>> records) throws InterruptedException {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Long.toString(PATIENCE.toMillis()));
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(PATIENCE.toMillis()));
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent =
                    records.stream().map(producer::send).toList();
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
        }
    }
}
