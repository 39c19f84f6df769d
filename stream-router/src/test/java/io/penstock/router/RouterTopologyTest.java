package io.penstock.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.ledger.LedgerMetrics;
import io.penstock.topics.catalogue.Headers;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.EndpointId;
import io.penstock.topics.id.Incarnation;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.RewriteName;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.WorkerId;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Explanation;
import io.penstock.topics.record.LaneStatus;
import io.penstock.topics.record.ModelRewrite;
import io.penstock.topics.record.ModelRewrite.Rule;
import io.penstock.topics.record.ModelRewrite.Target;
import io.penstock.topics.record.Outcome;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.ServedModel;
import io.penstock.topics.record.Tenant;
import io.penstock.topics.record.Usage;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole way of a record through the router, without a broker: stores, sinks, partitions, headers
/// and timers.
class RouterTopologyTest {
    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
    private static final PoolName POOL = new PoolName("llama");
    private static final ModelName MODEL = new ModelName("org/llama");
    private static final Puller W = new Puller(new WorkerId("w"), new Incarnation("i1"), new EndpointId("http://e"));
    private static final BatchId BATCH = new BatchId("batch_0123456789abcdef0123456789abcdef");
    private static final String LINE = """
        {"custom_id":"c1","method":"POST","url":"/v1/chat/completions","body":{"model":"chat","messages":[]}}\
        """;

    @TempDir
    @Nullable
    Path stateDir;

    private final Topics topics = new Topics(TopicLayout.STANDALONE);
    private @Nullable TopologyTestDriver driver;
    private Instant now = START;

    @BeforeEach
    void open() {
        RouterConfig config = RouterConfig.of("none:9092", Objects.requireNonNull(stateDir));
        driver = new TopologyTestDriver(
                RouterTopology.build(topics, config, LedgerMetrics.NONE), StreamsSettings.of(config, topics), START);
        send(topics.models(), new ModelName("chat"), new ServedModel(new ModelName("chat"), MODEL, POOL, null));
    }

    @AfterEach
    void close() {
        driver().close();
    }

    @Test
    void aRequestIsTaggedGivenToThePullAndItsAnswerBecomesTheResult() {
        pull(1, 0, 100_000);
        request("r1", LINE, Map.of("traceparent", "00-trace"));
        TestRecord<Incarnation, Envelope<Work>> order = workTopic().readRecord();
        assertThat(order.key()).isEqualTo(W.incarnation());
        Work.Ticket ticket = (Work.Ticket) order.value().meta();
        assertThat(ticket.request().tag().servedAs()).isEqualTo(MODEL);
        assertThat(new String(order.value().payload(), StandardCharsets.UTF_8)).startsWith("{\"model\":\"chat\"");

        answer(ticket, new Verdict.Answered(200, "cmpl-1", new Usage(1, 0, 1, 0)));
        TestRecord<RequestId, byte[]> result = resultTopic().readRecord();
        assertThat(result.key()).isEqualTo(new RequestId("r1"));
        assertThat(new String(result.value(), StandardCharsets.UTF_8)).contains("\"body\":{\"ok\":true}", "\"c1\"");
        assertThat(header(result, Headers.END)).isEqualTo("completed");
        assertThat(header(result, Headers.ATTEMPTS)).isEqualTo("1");
        assertThat(header(result, Headers.USAGE)).contains("\"outputTokens\":1");
        assertThat(header(result, "traceparent")).isEqualTo("00-trace");
        answer(ticket, new Verdict.Answered(200, "cmpl-1", null));
        assertThat(resultTopic().isEmpty()).isTrue();
    }

    @Test
    void aRewriteTakesEffectWhenItIsWrittenAndEndsWhenItIsTakenAway() {
        String line = LINE.replace("chat\",", "food\",");
        pull(1, 0, 100_000);
        request("before", line, Map.of());
        assertThat(header(resultTopic().readRecord(), Headers.END)).isEqualTo("failed");

        RewriteName name = new RewriteName("food");
        Rule rule = new Rule(List.of(new ModelName("food")), List.of(new Target(new ModelName("chat"), null)));
        send(topics.rewrites(), name, new ModelRewrite(name, null, null, START, List.of(rule)));
        request("during", line, Map.of());
        Work.Ticket ticket = (Work.Ticket) workTopic().readValue().meta();
        assertThat(ticket.request().tag().model()).isEqualTo(new ModelName("food"));
        assertThat(ticket.request().tag().servedAs()).isEqualTo(MODEL);
        assertThat(ticket.request().tag().pool()).isEqualTo(POOL);

        driver().createInputTopic(topics.rewrites().name(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(utf8("food"), utf8("no rewrite"));
        request("after", line, Map.of());
        assertThat(header(resultTopic().readRecord(), Headers.END)).isEqualTo("failed");
    }

    @Test
    void workThatWaitsGoesOutWhenAPullComes() {
        request("r1", LINE, Map.of());
        assertThat(workTopic().isEmpty()).isTrue();
        pull(1, 0, 100_000);
        assertThat(workTopic().readValue().meta()).isInstanceOf(Work.Ticket.class);
    }

    @Test
    void theSameIdIsRunOnce() {
        pull(1, 0, 100_000);
        request("r1", LINE, Map.of());
        request("r1", LINE, Map.of());
        assertThat(workTopic().readValuesToList()).hasSize(1);
    }

    @Test
    void theSameIdForModelsOfTwoPoolsIsRunOnce() {
        ModelName other = new ModelName("other");
        send(topics.models(), other, new ServedModel(other, other, new PoolName("elsewhere"), null));
        pull(1, 0, 100_000);
        request("r1", LINE.replace("chat\",", "other\","), Map.of());
        request("r1", LINE, Map.of());
        assertThat(workTopic().isEmpty()).isTrue();
        assertThat(read(topics.admitted()).readKeyValuesToList())
                .extracting(admission -> admission.key)
                .containsExactly(new PoolName("elsewhere"));
    }

    @Test
    void anIdThatWasRejectedIsAnsweredOnceUntilItsMemoryEnds() {
        request("r1", LINE.replace("chat\",", "nobody\","), Map.of());
        assertThat(header(resultTopic().readRecord(), Headers.END)).isEqualTo("failed");
        pull(1, 0, 100_000);
        request("r1", LINE, Map.of());
        assertThat(workTopic().isEmpty()).isTrue();
        assertThat(resultTopic().isEmpty()).isTrue();

        now = now.plus(Duration.ofHours(49));
        driver().advanceWallClockTime(Duration.ofHours(49));
        pass(Duration.ofSeconds(40));
        pull(2, 0, 100_000);
        request("r1", LINE, Map.of());
        assertThat(workTopic().readValuesToList()).hasSize(1);
    }

    @Test
    void anUnknownModelAndARecordThatIsNoLineAreAnswered() {
        request("r1", LINE.replace("chat\",", "nobody\","), Map.of());
        request("r2", "{", Map.of());
        assertThat(resultTopic().readRecordsToList())
                .extracting(result -> header(result, Headers.END))
                .containsExactly("failed", "failed");
    }

    @Test
    void aCancelEndsTheLinesOfTheBatchAndStopsThemAtTheWorker() {
        pull(1, 0, 100_000);
        request(BATCH + ":1", LINE, Map.of());
        workTopic().readValue();
        send(
                topics.control(),
                BATCH.value(),
                new Control(new Control.OneBatch(BATCH), new Control.Cancel(), "test", null, now));
        assertThat(header(resultTopic().readRecord(), Headers.END)).isEqualTo("cancelled");
        assertThat(workTopic().readValue().meta()).isInstanceOf(Work.Abort.class);
        request(BATCH + ":2", LINE, Map.of());
        assertThat(header(resultTopic().readRecord(), Headers.END)).isEqualTo("cancelled");
    }

    @Test
    void aRequestPastItsDeadlineExpires() {
        String deadline = Long.toString(START.plusSeconds(10).toEpochMilli());
        request("r1", LINE, Map.of(Headers.DEADLINE_MS, deadline));
        pass(Duration.ofSeconds(9));
        assertThat(resultTopic().isEmpty()).isTrue();
        pass(Duration.ofSeconds(2));
        assertThat(header(resultTopic().readRecord(), Headers.END)).isEqualTo("expired");
    }

    @Test
    void aSilentWorkersRequestIsGivenAway() {
        pull(1, 0, 100_000);
        request("r1", LINE, Map.of());
        workTopic().readValue();
        pass(Duration.ofSeconds(10));
        pull(2, 1, 100_000);
        Work.Ticket again = (Work.Ticket) workTopic().readValue().meta();
        assertThat(again.epoch()).isEqualTo(2);
    }

    @Test
    void aQuestionIsAnsweredOnceByTheTaskItReaches() {
        request("r1", LINE, Map.of());
        Control.Target target = new Control.OneRequest(new RequestId("r1"));
        send(topics.control(), "r1", new Control(target, new Control.Explain("q1"), "test", null, now));
        TestRecord<String, Explanation> answer = read(topics.answers()).readRecord();
        assertThat(answer.key()).isEqualTo("q1");
        assertThat(answer.value().parts().getFirst().sentence()).contains("no worker pulls for pool llama");
    }

    @Test
    void lanesAreToldOnTheirTopic() {
        request("r1", LINE, Map.of());
        pass(Duration.ofSeconds(2));
        TestRecord<String, LaneStatus> lane = read(topics.lanes()).readRecord();
        assertThat(lane.key()).isEqualTo("llama low");
        assertThat(lane.value().pending()).isEqualTo(1);
    }

    @Test
    void theWeightsOfTheTenantsTopicDecideTheShares() {
        send(topics.tenants(), new TenantId("heavy"), new Tenant(new TenantId("heavy"), 3));
        for (int i = 0; i < 40; i++) {
            request("h" + i, LINE, Map.of(Headers.TENANT, "heavy"));
            request("l" + i, LINE, Map.of(Headers.TENANT, "light"));
        }
        send(
                topics.pulls(),
                POOL,
                new Pull(
                        W,
                        POOL,
                        3,
                        1,
                        0,
                        new Pull.Spare(1L << 30, 1L << 30, 1L << 30),
                        40,
                        Set.of(MODEL),
                        false,
                        null));
        assertThat(workTopic().readValuesToList())
                .filteredOn(work -> work.meta() instanceof Work.Ticket ticket
                        && ticket.request().tag().tenant().value().equals("heavy"))
                .hasSize(30);
    }

    @Test
    void whatCannotBeDecodedDoesNotStopTheTask() {
        driver().createInputTopic(topics.outcomes().name(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(utf8("llama"), utf8("no envelope"));
        pull(1, 0, 100_000);
        request("r1", LINE, Map.of());
        assertThat(workTopic().isEmpty()).isFalse();
    }

    private void request(String id, String line, Map<String, String> headers) {
        RecordHeaders all = new RecordHeaders();
        all.add(Headers.REQUEST_ID, utf8(id));
        headers.forEach((name, value) -> all.add(name, utf8(value)));
        Topic<byte[], byte[]> topic = topics.requests(Band.LOW);
        driver().createInputTopic(
                        topic.name(), topic.key().serializer(), topic.value().serializer())
                .pipeInput(new TestRecord<>(utf8("k"), utf8(line), all, now));
    }

    private void pull(long serial, long asOf, long spare) {
        send(topics.pulls(), POOL, next(serial, asOf, spare));
    }

    private static Pull next(long serial, long asOf, long spare) {
        return new Pull(W, POOL, 3, serial, asOf, new Pull.Spare(spare, spare, spare), 10, Set.of(MODEL), false, null);
    }

    private void answer(Work.Ticket ticket, Verdict verdict) {
        Outcome outcome = new Outcome(
                ticket.request().id(), ticket.epoch(), ticket.number(), verdict, next(9, ticket.number(), 100_000));
        send(topics.outcomes(), POOL, new Envelope<>(outcome, utf8("{\"ok\":true}")));
    }

    private <K, V> void send(Topic<K, V> topic, K key, V value) {
        driver().createInputTopic(
                        topic.name(), topic.key().serializer(), topic.value().serializer())
                .pipeInput(key, value, now);
    }

    private TestOutputTopic<Incarnation, Envelope<Work>> workTopic() {
        return read(topics.work());
    }

    private TestOutputTopic<RequestId, byte[]> resultTopic() {
        return read(topics.results());
    }

    private <K, V> TestOutputTopic<K, V> read(Topic<K, V> topic) {
        return driver().createOutputTopic(
                        topic.name(), topic.key().deserializer(), topic.value().deserializer());
    }

    private void pass(Duration duration) {
        for (int i = 0; i < duration.toMillis() / 250; i++) {
            now = now.plusMillis(250);
            driver().advanceWallClockTime(Duration.ofMillis(250));
        }
    }

    private TopologyTestDriver driver() {
        return Objects.requireNonNull(driver);
    }

    private static String header(TestRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
