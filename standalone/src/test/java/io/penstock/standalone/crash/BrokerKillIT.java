package io.penstock.standalone.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The embedded broker after a SIGKILL: no transaction stays open once its producer has come back.
class BrokerKillIT {
    private static final int PRODUCERS = 8;

    @TempDir
    Path dir;

    @Test
    @Timeout(180)
    void noTransactionStaysOpenOverAKill() throws Exception {
        try (Cluster cluster = new Cluster(dir)) {
            ChildJvm broker = cluster.broker();
            AtomicInteger committed = new AtomicInteger();
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < PRODUCERS; i++) {
                KafkaProducer<byte[], byte[]> producer = producer(cluster, i);
                writers.add(Thread.ofPlatform().start(() -> write(producer, committed)));
            }
            Trial.await("transactions").until(() -> committed.get() > 50 * PRODUCERS);

            broker.kill();
            for (Thread writer : writers) {
                writer.join(Duration.ofMinutes(1));
            }
            broker.restart();

            for (int i = 0; i < PRODUCERS; i++) {
                producer(cluster, i).close();
            }
            try (Broker topics = new Broker(cluster.bootstrapServers())) {
                Trial.await("the end of all transactions")
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> !topics.isTransactionOpen(Topic.REQUESTS_LOW));
                assertThat(topics.read(Topic.REQUESTS_LOW)).hasSizeGreaterThanOrEqualTo(committed.get());
            }
        }
    }

    private static void write(KafkaProducer<byte[], byte[]> producer, AtomicInteger committed) {
        try {
            while (true) {
                producer.beginTransaction();
                for (int partition = 0; partition < 4; partition++) {
                    var _ = producer.send(
                            new ProducerRecord<>(Topic.REQUESTS_LOW.onBroker(), partition, null, new byte[10]));
                }
                producer.commitTransaction();
                committed.incrementAndGet();
            }
        } catch (KafkaException _) {
            // The broker is gone, and with it whoever could end the transaction.
            producer.close(Duration.ZERO);
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(Cluster cluster, int number) {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        cluster.bootstrapServers(),
                        "transactional.id",
                        "writer-" + number,
                        "delivery.timeout.ms",
                        "3000",
                        "request.timeout.ms",
                        "2000",
                        "linger.ms",
                        "0",
                        "max.block.ms",
                        "20000"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }
}
