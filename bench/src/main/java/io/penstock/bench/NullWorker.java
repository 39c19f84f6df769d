package io.penstock.bench;

import io.penstock.topics.catalogue.Partitioning;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.EndpointId;
import io.penstock.topics.id.Incarnation;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.WorkerId;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Outcome;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Usage;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A worker whose engine answers at once: what is left is the cost of Kafka and the ledger.
final class NullWorker implements AutoCloseable {
    private static final byte[] ANSWER =
            "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0}]}".getBytes(StandardCharsets.UTF_8);

    private final Puller puller;
    private final PoolName pool;
    private final ModelName model;
    private final Topics topics;
    private final int sequences;
    private final Consumer<Work.Ticket> onTicket;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<Incarnation, Envelope<Work>> consumer;
    private final Thread thread;
    private volatile boolean closed;
    private long serial;
    private long seen;

    NullWorker(String bootstrapServers, Topics topics, ModelName model, int sequences, Consumer<Work.Ticket> onTicket) {
        this.topics = topics;
        this.model = model;
        this.pool = new PoolName(model.value());
        this.sequences = sequences;
        this.onTicket = onTicket;
        this.puller = new Puller(new WorkerId("null-" + model), Incarnation.random(), new EndpointId("http://null"));
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "acks",
                        "all",
                        "linger.ms",
                        "0",
                        "compression.type",
                        "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        Topic<Incarnation, Envelope<Work>> work = topics.work();
        this.consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                work.key().deserializer(),
                work.value().deserializer());
        TopicPartition mine = new TopicPartition(work.name(), partition());
        consumer.assign(List.of(mine));
        consumer.seekToEnd(List.of(mine));
        consumer.position(mine);
        this.thread = Thread.ofPlatform().name("null worker").start(this::run);
    }

    private int partition() {
        return Partitioning.ofWorker(puller.incarnation(), topics.layout().workPartitions());
    }

    private void run() {
        long heartbeat = 0;
        while (!closed) {
            for (ConsumerRecord<Incarnation, Envelope<Work>> record : consumer.poll(Duration.ofMillis(100))) {
                if (record.value().meta() instanceof Work.Ticket ticket
                        && ticket.puller().equals(puller)) {
                    onTicket.accept(ticket);
                    seen = ticket.number();
                    answer(ticket);
                }
            }
            if (System.nanoTime() - heartbeat > 1_000_000_000L) {
                send(topics.pulls(), pool, pull());
                heartbeat = System.nanoTime();
            }
        }
    }

    private void answer(Work.Ticket ticket) {
        Verdict verdict = new Verdict.Answered(200, "null", new Usage(100, 0, 16, 0));
        Outcome outcome = new Outcome(ticket.request().id(), ticket.epoch(), ticket.number(), verdict, pull());
        send(topics.outcomes(), pool, new Envelope<>(outcome, ANSWER));
    }

    private Pull pull() {
        Pull.Spare spare = new Pull.Spare(1L << 40, 1L << 40, 1L << 40);
        return new Pull(puller, pool, partition(), ++serial, seen, spare, sequences, Set.of(model), false, null);
    }

    private <K, V> void send(Topic<K, V> topic, K key, V value) {
        Future<RecordMetadata> _ = producer.send(new ProducerRecord<>(
                topic.name(),
                topic.key().serializer().serialize(topic.name(), key),
                topic.value().serializer().serialize(topic.name(), value)));
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        consumer.close();
        producer.close(Duration.ofSeconds(5));
    }
}
