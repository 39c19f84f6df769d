package io.penstock.worker;

import io.penstock.service.ConsumerThreads;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.id.EndpointId;
import io.penstock.topics.record.InteractiveLoad;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears what instances of the API say of the calls they have at engines, from now on and on a platform thread
/// of its own. Nothing depends on it: without it the engines' own accounts show the same a little later.
final class LoadReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoadReader.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Topic<EndpointId, InteractiveLoad> topic;
    private final Consumer<InteractiveLoad> receiver;
    private final Thread thread = Thread.ofPlatform().name("interactive-load").unstarted(this::run);
    private volatile boolean closed;

    LoadReader(Properties kafka, Topic<EndpointId, InteractiveLoad> topic, Consumer<InteractiveLoad> receiver) {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "penstock-worker-load");
        properties.putAll(kafka);
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.topic = topic;
        this.receiver = receiver;
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        ConsumerThreads.stop(thread, consumer, CLOSE_PATIENCE);
    }

    private void run() {
        List<TopicPartition> all = IntStream.range(0, topic.partitions())
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList();
        try (consumer) {
            consumer.assign(all);
            consumer.seekToEnd(all);
            while (!closed) {
                poll();
            }
        }
    }

    private void poll() {
        try {
            consumer.poll(POLL).forEach(this::receive);
        } catch (WakeupException _) {
            // Closing.
        } catch (KafkaException e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("interactive load cannot be read now; trying again");
            LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
        }
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
