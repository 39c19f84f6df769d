package io.penstock.worker;

import io.penstock.service.ConsumerLoop;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.id.EndpointId;
import io.penstock.topics.record.InteractiveLoad;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears what instances of the API say of the calls they have at engines, from now on and on a platform thread
/// of its own. Nothing depends on it: without it the engines' own accounts show the same a little later.
final class LoadReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoadReader.class);

    private final Topic<EndpointId, InteractiveLoad> topic;
    private final Consumer<InteractiveLoad> receiver;
    private final ConsumerLoop loop;

    LoadReader(Properties kafka, Topic<EndpointId, InteractiveLoad> topic, Consumer<InteractiveLoad> receiver) {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "penstock-worker-load");
        properties.putAll(kafka);
        this.topic = topic;
        this.receiver = receiver;
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> all = IntStream.range(0, topic.partitions())
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList();
        consumer.assign(all);
        consumer.seekToEnd(all);
        this.loop = new ConsumerLoop("interactive-load", consumer, this::receive);
    }

    void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private void receive(ConsumerRecord<byte[], byte[]> record) {
        try {
            receiver.accept(topic.value().deserializer().deserialize(topic.name(), record.value()));
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("reason", e.getMessage())
                    .log("a record of interactive load cannot be read and is passed over");
        }
    }
}
