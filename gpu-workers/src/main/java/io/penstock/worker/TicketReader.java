package io.penstock.worker;

import io.penstock.service.ConsumerLoop;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.id.Incarnation;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Work;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads this incarnation's tickets from the one partition of `work` it named in its pulls: plain
/// `assign`, no consumer group, committed records only, on a platform thread of its own. It starts at
/// the partition's end, which must be known before the first pull is published: no ticket can lie
/// before it.
final class TicketReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TicketReader.class);

    private final Topic<Incarnation, Envelope<Work>> topic;
    private final byte[] key;
    private final Consumer<Envelope<Work>> receiver;
    private final Runnable onLost;
    private final ConsumerLoop loop;

    TicketReader(
            Properties kafka,
            Topic<Incarnation, Envelope<Work>> topic,
            int partition,
            Incarnation incarnation,
            Consumer<Envelope<Work>> receiver,
            Runnable onLost) {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // A broker that is cut off breaks no connection; the next leader of the partition is known in about 9 s.
        properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        // One that comes back is tried four times a second: until then nothing is run.
        properties.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "250");
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "penstock-worker-tickets");
        properties.putAll(kafka);
        this.topic = topic;
        this.key = incarnation.value().getBytes(StandardCharsets.UTF_8);
        this.receiver = receiver;
        this.onLost = onLost;
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        TopicPartition work = new TopicPartition(topic.name(), partition);
        consumer.assign(List.of(work));
        consumer.seekToEnd(List.of(work));
        consumer.position(work);
        this.loop = new ConsumerLoop("tickets", consumer, this::receive);
    }

    void start() {
        loop.start();
    }

    boolean isAlive() {
        return loop.isAlive();
    }

    @Override
    public void close() {
        loop.close();
    }

    private void receive(ConsumerRecord<byte[], byte[]> ticket) {
        if (!Arrays.equals(key, ticket.key())) {
            return;
        }
        try {
            receiver.accept(topic.value().deserializer().deserialize(topic.name(), ticket.value()));
        } catch (RuntimeException e) {
            // The ticket is this incarnation's as long as it pulls: only its end gives it to another.
            LOG.atError()
                    .addKeyValue("offset", ticket.offset())
                    .setCause(e)
                    .log("a ticket cannot be read; this worker gives up its tickets");
            onLost.run();
        }
    }
}
