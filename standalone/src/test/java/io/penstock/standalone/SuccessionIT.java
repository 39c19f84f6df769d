package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.router.succession.Succession;
import io.penstock.topics.admin.TopicsAdmin;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A router that died in a transaction holds nobody up: the others end it as soon as it is no member any
/// more, and leave those of the living alone.
class SuccessionIT {
    private static final String APPLICATION = "penstock-router";
    private static final Topics TOPICS = new Topics(TopicLayout.STANDALONE);

    @TempDir
    Path dir;

    @Test
    @Timeout(120)
    void anOpenTransactionEndsWithTheMembershipOfItsOwner() throws Exception {
        try (EmbeddedBroker broker = new EmbeddedBroker(dir.resolve("broker"), 0)) {
            broker.start();
            try (Admin admin = Admin.create(client(broker))) {
                new TopicsAdmin(admin, TOPICS).apply();
            }
            String alive = APPLICATION + "-" + UUID.randomUUID();
            String dead = APPLICATION + "-" + UUID.randomUUID();
            try (Admin admin = Admin.create(client(broker));
                    KafkaConsumer<byte[], byte[]> member = member(broker, alive);
                    KafkaProducer<byte[], byte[]> living = inTransaction(broker, alive);
                    KafkaProducer<byte[], byte[]> gone = inTransaction(broker, dead);
                    Succession succession = Succession.of(streams(broker))) {
                assertThat(open(admin)).containsExactlyInAnyOrder(alive + "-1", dead + "-1");

                succession.begin();
                succession.changed(KafkaStreams.State.REBALANCING);

                Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                    member.poll(Duration.ofMillis(10));
                    assertThat(open(admin)).containsExactly(alive + "-1");
                });
                assertThatThrownBy(gone::commitTransaction).isInstanceOf(KafkaException.class);
                living.commitTransaction();
                assertThat(open(admin)).isEmpty();
            }
        }
    }

    private static KafkaProducer<byte[], byte[]> inTransaction(EmbeddedBroker broker, String process) {
        Map<String, Object> settings = client(broker);
        settings.put("transactional.id", process + "-1");
        var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        var _ = producer.send(new ProducerRecord<>(TOPICS.results().name(), new byte[] {1}));
        producer.flush();
        return producer;
    }

    /// A member of the application's group, as a stream thread of `process` would be.
    private static KafkaConsumer<byte[], byte[]> member(EmbeddedBroker broker, String process) {
        Map<String, Object> settings = client(broker);
        settings.put("group.id", APPLICATION);
        settings.put("client.id", process + "-StreamThread-1-consumer");
        var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(TOPICS.results().name()));
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            consumer.poll(Duration.ofMillis(50));
            return consumer.groupMetadata().generationId() > 0;
        });
        return consumer;
    }

    private static List<String> open(Admin admin) throws Exception {
        return admin
                .listTransactions(new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING)))
                .all()
                .get()
                .stream()
                .map(TransactionListing::transactionalId)
                .toList();
    }

    private Properties streams(EmbeddedBroker broker) {
        Properties streams = new Properties();
        streams.put("bootstrap.servers", broker.bootstrapServers());
        streams.put("application.id", APPLICATION);
        streams.put("state.dir", dir.resolve("state").toString());
        return streams;
    }

    private static Map<String, Object> client(EmbeddedBroker broker) {
        return new HashMap<>(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }
}
