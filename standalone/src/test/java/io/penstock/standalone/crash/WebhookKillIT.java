package io.penstock.standalone.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.webhooks.WebhookCreateParams;
import com.openai.models.webhooks.WebhookEndpointWithSecret;
import io.penstock.ingest.webhooks.SecretBox;
import io.penstock.standalone.WebhookReceiver;
import io.penstock.standalone.WebhookReceiver.Posted;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.Submission;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The API after a SIGKILL in the middle of an attempt: the attempt is made again, under the same event
/// id.
class WebhookKillIT {
    private static final String HOOK = "/killed";

    @TempDir
    Path dir;

    @Test
    @Timeout(180)
    void anAttemptCutOffByAKillIsMadeAgain() throws Exception {
        Path key = dir.resolve("webhooks.key");
        SecretBox _ = SecretBox.ofOrNew(key);
        try (WebhookReceiver receiver = new WebhookReceiver();
                Cluster cluster = new Cluster(dir)) {
            ChildJvm _ = cluster.broker();
            ChildJvm api = cluster.ingest(
                    "webhooks.key.file=" + key, "webhooks.private.networks.allow=true", "webhooks.http.allow=true");
            cluster.awaitReady(api);
            OpenAIClient openai = OpenAIOkHttpClient.builder()
                    .apiKey("any")
                    .baseUrl("http://127.0.0.1:" + cluster.apiPort() + "/v1")
                    .build();
            WebhookEndpointWithSecret endpoint = openai.webhooks()
                    .create(WebhookCreateParams.builder()
                            .name("killed")
                            .url(receiver.url(HOOK))
                            .addEventType(WebhookCreateParams.EventType.BATCH_FAILED)
                            .build());
            receiver.beforeAnswer(HOOK, api::kill);
            BatchId batch = fail(cluster.bootstrapServers());
            Trial.await("the kill").atMost(Duration.ofMinutes(1)).until(() -> !api.isAlive());
            api.restart();

            Trial.await("the attempt anew")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> receiver.posted(HOOK).size() > 1);
            List<Posted> posted = receiver.posted(HOOK);
            assertThat(posted)
                    .extracting(Posted::id)
                    .containsOnly(posted.getFirst().id());
            assertThat(openai.webhooks()
                            .unwrap(posted.getLast().verification(endpoint.signingSecret()))
                            .asBatchFailed()
                            .data()
                            .id())
                    .isEqualTo(batch.value());
            openai.close();
        }
    }

    /// A batch that has failed is put on the topic.
    private static BatchId fail(String bootstrapServers) {
        Instant now = InstantSource.system().instant();
        Submission submission = new Submission(
                TenantId.DEFAULT,
                "/v1/embeddings",
                "file-1",
                null,
                "24h",
                ObjectiveName.BATCH,
                Map.of(),
                now,
                now.plusSeconds(86_400),
                null,
                null,
                null);
        Batch batch = Batch.submitted(BatchId.random(), submission).entering(BatchStatus.FAILED, now);
        Topic<BatchId, Batch> topic = new Topics(TopicLayout.STANDALONE).batches();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer())) {
            var _ = producer.send(new ProducerRecord<>(
                    topic.name(),
                    topic.key().serializer().serialize(topic.name(), batch.id()),
                    topic.value().serializer().serialize(topic.name(), batch)));
        }
        return batch.id();
    }
}
