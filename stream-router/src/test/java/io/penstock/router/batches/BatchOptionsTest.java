package io.penstock.router.batches;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.batches.progress.OutputKind;
import io.penstock.topics.catalogue.Headers;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.BatchOptions;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.End;
import io.penstock.topics.record.LineError;
import io.penstock.topics.record.Preview;
import io.penstock.topics.record.Usage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What submissions and lines may ask for beyond OpenAI's API.
class BatchOptionsTest {
    private static final Duration TICK = Duration.ofMillis(500);
    private static final BatchOptions SKIP = new BatchOptions(true, false, false);
    private static final BatchOptions DRY = new BatchOptions(false, true, false);
    private static final BatchOptions REUSE = new BatchOptions(false, false, true);
    private static final BatchId AGAIN = BatchId.random();

    @TempDir
    private Path directory;

    private BatchesHarness app;

    @BeforeEach
    void start() {
        app = new BatchesHarness(directory, BatchesHarness.slowly());
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void skippedLinesFailAndTheOthersRun() {
        app.submit(Fixtures.ID, flawed(), SKIP);
        app.work(TICK);
        assertThat(app.newest().counts()).isEqualTo(new Counts(6, 0, 4, 0, 0));
        assertThat(app.newest().errors()).isEmpty();
        assertThat(app.requests(Band.LOW)).hasSize(2);

        app.end(1, End.COMPLETED);
        app.end(7, End.COMPLETED);
        app.work(TICK);

        assertThat(app.newest().status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(app.newest().counts()).isEqualTo(new Counts(6, 2, 4, 0, 0));
        assertThat(app.content(OutputKind.ERROR.fileOf(Fixtures.ID)).lines().map(BatchOptionsTest::fault))
                .containsExactlyInAnyOrder(
                        "null invalid_json_line",
                        "\"a\" duplicate_custom_id",
                        "\"u\" model_not_found",
                        "\"v\" invalid_method");
    }

    @Test
    void aBatchOfNothingButInvalidLinesCompletesWithoutRunningAny() {
        app.submit(Fixtures.ID, "x\ny\n", SKIP);
        app.work(TICK);

        assertThat(app.newest().status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(app.newest().counts()).isEqualTo(new Counts(2, 0, 2, 0, 0));
        assertThat(app.newest().outputFile()).isNull();
        assertThat(app.requests(Band.LOW)).isEmpty();
    }

    @Test
    void aRetrySkipsTheSameLinesAgain() {
        Batch batch = app.submit(Fixtures.ID, flawed(), SKIP);
        app.work(TICK);
        app.end(1, End.COMPLETED);
        app.end(7, End.FAILED);
        app.work(TICK);

        app.announce(Fixtures.retry(batch, AGAIN));
        app.work(TICK);
        app.end(AGAIN, 7, End.COMPLETED);
        app.work(TICK.multipliedBy(4));

        assertThat(app.newest(AGAIN).counts()).isEqualTo(new Counts(6, 2, 4, 0, 0));
        assertThat(app.newest(AGAIN).status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(app.content(OutputKind.ERROR.fileOf(AGAIN))).contains("duplicate_custom_id");
        assertThat(app.requests(Band.LOW)).hasSize(3);
    }

    @Test
    void aDryRunTellsWhatIsInAnInputAndRunsNothing() {
        app.lane(Band.LOW, 0, 0, 10);
        app.submit(Fixtures.ID, lines("a", "b"), DRY);
        app.work(TICK);

        Batch done = app.newest();
        assertThat(done.status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(done.counts()).isEqualTo(Counts.NONE);
        assertThat(done.errors()).isEmpty();
        Preview preview = Objects.requireNonNull(done.preview());
        assertThat(preview.requests()).isEqualTo(2);
        assertThat(preview.models()).hasSize(1);
        assertThat(preview.models().getFirst().model()).isEqualTo(new ModelName("m"));
        assertThat(preview.models().getFirst().requests()).isEqualTo(2);
        assertThat(preview.models().getFirst().outputTokens()).isEqualTo(512);
        assertThat(Objects.requireNonNull(preview.finishesAt())).isAfter(Fixtures.START);
        assertThat(app.requests(Band.LOW)).isEmpty();
        assertThat(app.rows("batches-active")).isZero();
    }

    @Test
    void aDryRunOfAFaultyInputFailsAsTheBatchWould() {
        app.submit(Fixtures.ID, flawed(), DRY);
        app.work(TICK);

        assertThat(app.newest().status()).isEqualTo(BatchStatus.FAILED);
        assertThat(app.newest().errors()).hasSize(4);
        assertThat(Objects.requireNonNull(app.newest().preview()).invalid()).isEqualTo(4);
    }

    @Test
    void aDryRunThatSkipsListsWhatItWouldSkip() {
        app.submit(Fixtures.ID, flawed(), new BatchOptions(true, true, false));
        app.work(TICK);

        assertThat(app.newest().status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(app.newest().errors()).extracting(LineError::line).containsExactly(2, 4, 5, 6);
        assertThat(Objects.requireNonNull(app.newest().preview()).requests()).isEqualTo(6);
    }

    @Test
    void twinsGetTheAnswerOfTheirOriginalUnderTheirOwnName() {
        app.submit(Fixtures.ID, same("a", "b", "c") + "\n" + BatchesHarness.line("other"), REUSE);
        app.work(TICK);
        assertThat(app.requests(Band.LOW)).hasSize(2);
        assertThat(app.newest().counts()).isEqualTo(Counts.of(4));

        app.end(1, End.COMPLETED);
        app.end(4, End.FAILED);
        app.work(TICK);

        assertThat(app.newest().status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(app.newest().counts()).isEqualTo(new Counts(4, 3, 1, 0, 0));
        assertThat(app.newest().usage()).as("two requests ran").isEqualTo(new Usage(20, 2, 4, 0));
        List<String> good =
                app.content(OutputKind.OUTPUT.fileOf(Fixtures.ID)).lines().toList();
        assertThat(good).hasSize(3).allMatch(line -> line.endsWith("\"body\":{\"ok\":true}},\"error\":null}"));
        assertThat(good.stream().map(line -> line.replaceAll(".*\"custom_id\":\"([^\"]+)\".*", "$1")))
                .containsExactlyInAnyOrder("c1", "b", "c");
        assertThat(good.stream().map(line -> line.substring(0, 50))).doesNotHaveDuplicates();
    }

    @Test
    void twinsOfACancelledOriginalAreCancelledToo() {
        app.submit(Fixtures.ID, same("a", "b"), REUSE);
        app.work(TICK);
        app.cancel(Fixtures.ID);
        app.end(1, End.CANCELLED);
        app.work(TICK);

        assertThat(app.newest().status()).isEqualTo(BatchStatus.CANCELLED);
        assertThat(app.newest().counts()).isEqualTo(new Counts(2, 0, 0, 0, 2));
    }

    @Test
    void aLineGoesByItsOwnObjectiveAndDeadline() {
        String asking = BatchesHarness.line("a")
                .replace("}] }}", "}] },\"penstock\":{\"objective\":\"urgent\",\"deadline\":\"30m\"}}");
        app.submit(asking + "\n" + BatchesHarness.line("b"));
        app.work(TICK);

        assertThat(app.requests(Band.HIGH)).singleElement().satisfies(request -> {
            assertThat(header(request, Headers.OBJECTIVE.getFirst())).isEqualTo("urgent");
            assertThat(header(request, Headers.DEADLINE_MS))
                    .isEqualTo(Long.toString(
                            Fixtures.START.plus(Duration.ofMinutes(30)).toEpochMilli()));
        });
        assertThat(app.requests(Band.LOW))
                .singleElement()
                .satisfies(request -> assertThat(header(request, Headers.OBJECTIVE.getFirst()))
                        .isEqualTo("night"));
    }

    @Test
    void aLineThatMissesItsOwnDeadlineDoesNotExpireItsBatch() {
        String asking = BatchesHarness.line("a").replace("}] }}", "}] },\"penstock\":{\"deadline\":\"30m\"}}");
        app.submit(asking + "\n" + BatchesHarness.line("b"));
        app.work(TICK);
        app.end(1, End.EXPIRED);
        app.end(2, End.COMPLETED);
        app.work(TICK);

        assertThat(app.newest().status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(app.newest().counts()).isEqualTo(new Counts(2, 1, 0, 1, 0));
    }

    @Test
    void aCommandOnTheBatchOutdoesItsLines() {
        String asking = BatchesHarness.line("a")
                .replace("}] }}", "}] },\"penstock\":{\"objective\":\"urgent\",\"deadline\":\"30m\"}}");
        app.submit(asking);
        app.command(Fixtures.ID, new Control.Prioritise(new ObjectiveName("night"), Band.LOW));
        app.command(Fixtures.ID, new Control.Extend(Fixtures.START.plus(Duration.ofDays(2))));
        app.work(TICK);

        assertThat(app.requests(Band.LOW)).singleElement().satisfies(request -> {
            assertThat(header(request, Headers.OBJECTIVE.getFirst())).isEqualTo("night");
            assertThat(header(request, Headers.DEADLINE_MS))
                    .isEqualTo(Long.toString(
                            Fixtures.START.plus(Duration.ofDays(2)).toEpochMilli()));
        });
        app.end(1, End.EXPIRED);
        app.work(TICK);
        assertThat(app.newest().status()).isEqualTo(BatchStatus.EXPIRED);
    }

    private static String flawed() {
        return String.join(
                "\n",
                BatchesHarness.line("a"),
                "nonsense",
                "",
                BatchesHarness.line("a").replace("für a", "other"),
                BatchesHarness.line("u").replace("\"m\"", "\"unknown\""),
                BatchesHarness.line("v").replace("POST", "GET"),
                BatchesHarness.line("z"));
    }

    private static String lines(String... customIds) {
        return String.join(
                "\n", List.of(customIds).stream().map(BatchesHarness::line).toList());
    }

    /// Lines that differ in their names only.
    private static String same(String... customIds) {
        return String.join(
                "\n",
                List.of(customIds).stream()
                        .map(id ->
                                BatchesHarness.line("x").replace("\"custom_id\":\"x\"", "\"custom_id\":\"" + id + "\""))
                        .toList());
    }

    private static String fault(String line) {
        return line.replaceAll(".*\"custom_id\":(null|\"[^\"]*\"),.*\"code\":\"([a-z_]+)\".*", "$1 $2");
    }

    private static String header(TestRecord<byte[], byte[]> request, String name) {
        return new String(request.headers().lastHeader(name).value(), UTF_8);
    }
}
