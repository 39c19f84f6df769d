package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.penstock.topics.admin.TopicsAdmin;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The broker inside, and the topic catalogue brought to a real cluster.
class EmbeddedBrokerIT {
    private final Topics topics = new Topics(TopicLayout.STANDALONE);

    @TempDir
    Path dir;

    @Test
    void topicsAreAppliedOnceKeptOverARestartAndDriftIsSeen() throws IOException {
        try (EmbeddedBroker broker = new EmbeddedBroker(dir, 0)) {
            broker.start();
            try (Admin admin = admin(broker)) {
                TopicsAdmin applied = new TopicsAdmin(admin, topics);
                assertThatThrownBy(applied::verify).hasMessageContaining("create penstock.requests.high");
                assertThat(applied.apply().differences()).hasSize(topics.all().size());
                assertThat(applied.apply().isEmpty()).isTrue();
            }
        }
        try (EmbeddedBroker broker = new EmbeddedBroker(dir, 0)) {
            broker.start();
            try (Admin admin = admin(broker)) {
                TopicsAdmin kept = new TopicsAdmin(admin, topics);
                kept.verify();
                admin.incrementalAlterConfigs(Map.of(
                                new ConfigResource(ConfigResource.Type.TOPIC, "penstock.batches"),
                                List.of(new AlterConfigOp(
                                        new ConfigEntry("cleanup.policy", "delete"), AlterConfigOp.OpType.SET))))
                        .all()
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join();
                // A broker shows a changed setting once its metadata has caught up.
                await().untilAsserted(() -> assertThatThrownBy(kept::verify)
                        .hasMessageContaining("set penstock.batches cleanup.policy = compact"));
                kept.apply();
                await().untilAsserted(kept::verify);
            }
        }
    }

    @Test
    void aDirectoryBelongsToOneProcessAndOneKafka() throws IOException {
        try (EmbeddedBroker broker = new EmbeddedBroker(dir, 0)) {
            broker.start();
            try (EmbeddedBroker second = new EmbeddedBroker(dir, 0)) {
                assertThatThrownBy(second::start).hasMessageContaining("another Penstock is using");
            }
        }
        Files.writeString(dir.resolve("penstock-kafka-version"), "3.9.0");
        try (EmbeddedBroker newer = new EmbeddedBroker(dir, 0)) {
            assertThatThrownBy(newer::start)
                    .hasMessageContaining("written by Kafka 3.9.0")
                    .hasMessageContaining("--data");
        }
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }
}
