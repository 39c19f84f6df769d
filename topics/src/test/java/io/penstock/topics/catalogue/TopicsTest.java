package io.penstock.topics.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.topics.Samples;
import io.penstock.topics.WebhookSamples;
import io.penstock.topics.admin.TopicsDoc;
import io.penstock.topics.id.AsyncKind;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.WebhookEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class TopicsTest {
    private final Topics topics = new Topics(TopicLayout.PRODUCTION);

    @Test
    void everyTopicHasItsOwnName() {
        assertThat(topics.all())
                .extracting(Topic::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.startsWith("penstock."));
    }

    @Test
    void whatOneTaskJoinsHasEqualPartitions() {
        assertThat(topics.admitted().partitions())
                .isEqualTo(topics.pulls().partitions())
                .isEqualTo(topics.outcomes().partitions())
                .isEqualTo(topics.control().partitions());
        assertThat(topics.batches().partitions())
                .isEqualTo(topics.results().partitions())
                .isEqualTo(topics.started().partitions())
                .isEqualTo(topics.responses().partitions())
                .isEqualTo(topics.control().partitions());
    }

    @Test
    void aResultGoesWhereItsResponseIs() {
        for (int i = 0; i < 100; i++) {
            RequestId id = AsyncKind.RESPONSE.random();
            byte[] key = topics.responses().key().serializer().serialize("t", id);
            assertThat(Partitioning.ofResult(id, 12)).as("%s", id).isEqualTo(Utils.toPositive(Utils.murmur2(key)) % 12);
        }
    }

    @Test
    void everyRecordReadsBackAsItWasWritten() {
        Samples.admissions().forEach(sample -> assertRoundTrip(topics.admitted().value(), sample));
        Samples.works().forEach(sample -> assertRoundTrip(topics.work().value(), sample));
        Samples.outcomes().forEach(sample -> assertRoundTrip(topics.outcomes().value(), sample));
        assertThat(roundTrip(topics.pulls().value(), Samples.PULL)).isEqualTo(Samples.PULL);
        assertThat(roundTrip(topics.batches().value(), Samples.BATCH)).isEqualTo(Samples.BATCH);
        Samples.responses()
                .forEach(sample -> assertThat(roundTrip(topics.responses().value(), sample))
                        .isEqualTo(sample));
        assertThat(roundTrip(topics.files().value(), Samples.FILE)).isEqualTo(Samples.FILE);
        assertThat(roundTrip(topics.models().value(), Samples.MODEL)).isEqualTo(Samples.MODEL);
        assertThat(roundTrip(topics.control().value(), Samples.CANCEL)).isEqualTo(Samples.CANCEL);
    }

    @Test
    void webhooksReadBackAsTheyWereWritten() {
        WebhookTopics webhooks = topics.webhooks();
        WebhookEndpoint endpoint = WebhookSamples.ENDPOINT;
        assertThat(roundTrip(webhooks.endpoints().value(), endpoint)).isEqualTo(endpoint);
        assertThat(roundTrip(webhooks.refusals().value(), WebhookSamples.REFUSAL))
                .isEqualTo(WebhookSamples.REFUSAL);
        WebhookSamples.deliveries().forEach(delivery -> {
            assertThat(roundTrip(webhooks.deliveries().value(), delivery)).isEqualTo(delivery);
            assertThat(roundTrip(webhooks.deliveries().key(), delivery.id())).isEqualTo(delivery.id());
            assertThat(Partitioning.ofWebhookDelivery(delivery.id(), 12))
                    .isEqualTo(Partitioning.ofWebhookEndpoint(endpoint.id(), 12));
        });
    }

    @Test
    void whatCannotBeReadIsASerializationError() {
        assertThatThrownBy(() -> topics.pulls().value().deserializer().deserialize("t", new byte[] {'{'}))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("Pull");
        assertThatThrownBy(() -> topics.work().value().deserializer().deserialize("t", new byte[] {'{', '}'}))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("no line feed");
        assertThatThrownBy(() -> topics.batches().key().deserializer().deserialize("t", new byte[] {'x'}))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("batch id");
    }

    @Test
    void aResultLiesWithItsBatch() {
        BatchId batch = BatchId.random();
        for (int line = 1; line < 100; line++) {
            assertThat(Partitioning.ofResult(RequestId.ofLine(batch, line), 12))
                    .isEqualTo(Partitioning.ofBatch(batch, 12));
        }
    }

    @Test
    void theTopicsPageIsTheCatalogue() throws IOException {
        Path page = Path.of("..", "docs", "topics.md");
        String expected = TopicsDoc.markdown(topics);
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(page, expected);
        }
        assertThat(page)
                .as("run the test with -Ddocs.write=true to write the page anew")
                .hasContent(expected);
    }

    private static <M> void assertRoundTrip(Serde<Envelope<M>> serde, Envelope<M> sample) {
        Envelope<M> read = roundTrip(serde, sample);
        assertThat(read.meta()).isEqualTo(sample.meta());
        assertThat(read.payload()).isEqualTo(sample.payload());
    }

    private static <T> T roundTrip(Serde<T> serde, T value) {
        return serde.deserializer().deserialize("t", serde.serializer().serialize("t", value));
    }
}
