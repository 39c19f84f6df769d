package io.penstock.router.responses;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.payload.BlobId;
import io.penstock.payload.BlobWriter;
import io.penstock.payload.LocalPayloadStore;
import io.penstock.payload.PayloadMissing;
import io.penstock.service.Metrics;
import io.penstock.topics.catalogue.Headers;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.line.OutputLine;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Hold;
import io.penstock.topics.record.ResponseStatus;
import io.penstock.topics.record.Started;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.StoredResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The keeper of responses without a broker, with a clock that moves when told, over a real store.
class ResponsesTopologyTest {
    private static final Topics TOPICS = new Topics(new TopicLayout("test", 1, 1, (short) 1, (short) 1));
    private static final Duration KEPT = Duration.ofDays(7);
    private static final RequestId ID = Responses.ID;

    @TempDir
    private Path directory;

    private LocalPayloadStore payloads;
    private Instant now = Responses.NOW;
    private TopologyTestDriver driver;
    private TestInputTopic<RequestId, StoredResponse> submissions;
    private TestInputTopic<RequestId, Started> started;
    private TestInputTopic<RequestId, byte[]> results;
    private TestOutputTopic<RequestId, StoredResponse> told;
    private TestOutputTopic<byte[], byte[]> requests;

    @BeforeEach
    void openAll() throws IOException {
        payloads = new LocalPayloadStore(directory.resolve("payloads"), () -> Responses.NOW);
        open();
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    private void open() {
        Topology topology = new Topology();
        topology.addSource(
                "results-source",
                TOPICS.results().key().deserializer(),
                TOPICS.results().value().deserializer(),
                TOPICS.results().name());
        ResponsesTopology.add(topology, "results-source", TOPICS, KEPT, payloads, new Metrics());
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        properties.put(
                StreamsConfig.STATE_DIR_CONFIG, directory.resolve("state").toString());
        driver = new TopologyTestDriver(topology, properties, now);
        submissions = driver.createInputTopic(
                TOPICS.responses().name(),
                TOPICS.responses().key().serializer(),
                TOPICS.responses().value().serializer());
        started = driver.createInputTopic(
                TOPICS.started().name(),
                TOPICS.started().key().serializer(),
                TOPICS.started().value().serializer());
        results = driver.createInputTopic(
                TOPICS.results().name(),
                TOPICS.results().key().serializer(),
                TOPICS.results().value().serializer());
        told = driver.createOutputTopic(
                TOPICS.responses().name(),
                TOPICS.responses().key().deserializer(),
                TOPICS.responses().value().deserializer());
        requests = driver.createOutputTopic(
                TOPICS.requests(Band.NORMAL).name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Test
    void aSubmissionGoesOutOnceAndItsResultIsPointedAt() throws IOException {
        submit(blob());

        TestRecord<byte[], byte[]> sent = requests.readRecord();
        assertThat(new String(sent.key(), UTF_8)).isEqualTo(ID.value());
        assertThat(new String(sent.value(), UTF_8)).isEqualTo("{\"custom_id\":null}");
        assertThat(new String(sent.headers().lastHeader("h").value(), UTF_8)).isEqualTo("ä");

        start();
        assertThat(newest().status()).isEqualTo(ResponseStatus.IN_PROGRESS);
        end(End.COMPLETED);
        StoredResponse ended = newest();
        assertThat(ended.status()).isEqualTo(ResponseStatus.COMPLETED);
        assertThat(ended.result()).isEqualTo(new StoredResponse.Place(0, 0));
        assertThat(ended.expiresAt()).isEqualTo(Responses.NOW.plus(KEPT));
    }

    @Test
    void whatComesTwiceOrLateChangesNothing() throws IOException {
        String first = blob();
        String second = blob();
        submit(first);
        submit(second);
        start();
        end(End.CANCELLED);
        end(End.COMPLETED);
        start();

        assertThat(requests.readRecordsToList()).hasSize(1);
        assertThat(told.readValuesToList())
                .extracting(StoredResponse::status)
                .containsExactly(ResponseStatus.QUEUED, ResponseStatus.IN_PROGRESS, ResponseStatus.CANCELLED);
        pass(Duration.ofSeconds(1));
        assertThat(payloads.size(new BlobId(first))).isEqualTo(60);
        assertThatThrownBy(() -> payloads.size(new BlobId(second))).isInstanceOf(PayloadMissing.class);
    }

    @Test
    void whatIsDeletedIsGoneAtOnceAndForgottenLater() throws IOException {
        String blob = blob();
        StoredResponse submitted = submit(blob);
        submissions.pipeInput(ID, submitted.dispatched().deleted(Responses.NOW));
        end(End.COMPLETED);

        assertThat(newest().status()).isEqualTo(ResponseStatus.DELETED);
        assertThat(newest().input()).isNull();
        assertThatNoBlobIsLeft(blob);
        pass(ResponseLifecycle.REMEMBERED);
        assertThat(last()).isNull();
    }

    /// Else the collector of dead blobs takes it for one that nobody refers to.
    @Test
    void anInputIsHeldForAsLongAsItIsKept() throws IOException {
        TestOutputTopic<String, Hold> holds = driver.createOutputTopic(
                TOPICS.holds().name(),
                TOPICS.holds().key().deserializer(),
                TOPICS.holds().value().deserializer());
        String blob = blob();
        submit(blob);
        assertThat(holds.readKeyValuesToList())
                .singleElement()
                .satisfies(hold -> assertThat(hold.key).isEqualTo(ID.value() + " input"))
                .satisfies(hold -> assertThat(hold.value.segments())
                        .extracting(StoredFile.Segment::blob)
                        .containsExactly(blob));
        start();
        end(End.COMPLETED);
        assertThat(holds.isEmpty()).isTrue();
        pass(KEPT);
        assertThat(holds.readValuesToList()).containsExactly((Hold) null);
    }

    @Test
    void anAnswerGoesWhenItsTimeIsOver() throws IOException {
        String blob = blob();
        submit(blob);
        end(End.COMPLETED);
        pass(KEPT.minusSeconds(1));
        assertThat(newest().status()).isEqualTo(ResponseStatus.COMPLETED);

        pass(Duration.ofSeconds(1));

        assertThat(newest().status()).isEqualTo(ResponseStatus.DELETED);
        assertThatNoBlobIsLeft(blob);
    }

    @Test
    void aRequestWhoseResultIsLostFailsInTheEnd() throws IOException {
        submit(blob());
        pass(Responses.WINDOW.plus(ResponseLifecycle.GRACE));

        assertThat(newest().status()).isEqualTo(ResponseStatus.FAILED);
        assertThat(Objects.requireNonNull(newest().failure()).code()).isEqualTo("batch_expired");
    }

    /// Each step is done, lost with its transaction, and done again by whoever takes over from what was
    /// committed before it.
    @Test
    void aCrashAtEveryStepLeavesOneRequestAndOneEnd() throws IOException {
        String blob = blob();
        List<Runnable> steps = List.of(
                () -> submit(blob),
                this::start,
                () -> end(End.COMPLETED),
                () -> pass(KEPT),
                () -> pass(Duration.ofSeconds(1)),
                () -> pass(ResponseLifecycle.REMEMBERED));
        int sent = 0;
        List<String> statuses = new ArrayList<>();
        for (Runnable step : steps) {
            Stores committed = new Stores();
            step.run();
            driver.close();
            open(committed);
            step.run();
            sent += requests.readRecordsToList().size();
            told.readRecordsToList()
                    .forEach(record -> statuses.add(
                            record.value() == null
                                    ? "none"
                                    : record.value().status().wireName()));
        }

        assertThat(sent).isEqualTo(1);
        assertThat(statuses).containsExactly("in_progress", "completed", "deleted", "none");
        assertThatThrownBy(() -> payloads.size(new BlobId(blob))).isInstanceOf(PayloadMissing.class);
    }

    @Test
    void otherRequestsAreNoneOfItsBusiness() {
        results.pipeInput(new TestRecord<>(new RequestId("batch_1:1"), "{}".getBytes(UTF_8)));
        results.pipeInput(new TestRecord<>(ID, "{}".getBytes(UTF_8)));

        assertThat(told.isEmpty()).isTrue();
    }

    private void pass(Duration time) {
        now = now.plus(time);
        driver.advanceWallClockTime(time);
    }

    private void open(Stores committed) {
        now = committed.at;
        open();
        committed.rows.forEach(
                row -> driver.getKeyValueStore(ResponsesTopology.ROWS).put(row.key, row.value));
        committed.due.forEach(
                row -> driver.getKeyValueStore(ResponsesTopology.DUE).put(row.key, row.value));
    }

    /// What the stores of the open driver hold.
    private final class Stores {
        private final Instant at = now;
        private final List<KeyValue<Object, Object>> rows = all(ResponsesTopology.ROWS);
        private final List<KeyValue<Object, Object>> due = all(ResponsesTopology.DUE);

        private List<KeyValue<Object, Object>> all(String store) {
            List<KeyValue<Object, Object>> all = new ArrayList<>();
            try (KeyValueIterator<Object, Object> each =
                    driver.getKeyValueStore(store).all()) {
                each.forEachRemaining(all::add);
            }
            return all;
        }
    }

    private @Nullable StoredResponse newest;

    private StoredResponse newest() {
        last();
        return Objects.requireNonNull(newest, "something was told");
    }

    private @Nullable StoredResponse last() {
        List<TestRecord<RequestId, StoredResponse>> records = told.readRecordsToList();
        if (!records.isEmpty()) {
            newest = records.getLast().value();
        }
        return newest;
    }

    private void assertThatNoBlobIsLeft(String blob) {
        pass(Duration.ofSeconds(1));
        assertThatThrownBy(() -> payloads.size(new BlobId(blob))).isInstanceOf(PayloadMissing.class);
    }

    private String blob() throws IOException {
        try (BlobWriter blob = payloads.create()) {
            blob.write(new byte[60]);
            return blob.commit().value();
        }
    }

    private StoredResponse submit(String blob) {
        StoredResponse response = Responses.queued(blob);
        submissions.pipeInput(ID, response);
        return response;
    }

    private void start() {
        started.pipeInput(ID, new Started(Responses.NOW));
    }

    private void end(End end) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(Headers.END, end.wireName().getBytes(UTF_8));
        byte[] line = end == End.COMPLETED
                ? OutputLine.answered(ID, null, 200, "r", "{\"object\":\"response\"}".getBytes(UTF_8))
                : OutputLine.unanswered(ID, null, "batch_cancelled", "no");
        results.pipeInput(new TestRecord<>(ID, line, headers));
    }
}
