package io.penstock.router.batches;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.batches.progress.OutputKind;
import io.penstock.topics.catalogue.Headers;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.RewriteName;
import io.penstock.topics.line.InputLine;
import io.penstock.topics.line.InputLineReader;
import io.penstock.topics.line.MalformedJson;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.BodyRef;
import io.penstock.topics.record.End;
import io.penstock.topics.record.LineError;
import io.penstock.topics.record.ModelRewrite;
import io.penstock.topics.record.ModelRewrite.Rule;
import io.penstock.topics.record.ModelRewrite.Target;
import io.penstock.topics.record.Usage;
import io.penstock.topics.rewrite.Rewrites;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchesTopologyTest {
    private static final Duration TICK = Duration.ofMillis(250);

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
    void aBatchGoesFromItsSubmissionToItsFiles() {
        app.submit(lines(10));
        app.work(TICK.multipliedBy(2));

        assertThat(app.newest().status()).isEqualTo(BatchStatus.IN_PROGRESS);
        assertThat(app.newest().counts()).isEqualTo(Counts.of(10));
        assertThat(app.newest().model()).isEqualTo(new ModelName("m"));
        assertThat(app.requests(Band.LOW)).hasSize(10);

        for (int line = 1; line <= 10; line++) {
            app.end(line, line == 4 ? End.FAILED : End.COMPLETED);
        }
        assertThat(app.newest().status()).isEqualTo(BatchStatus.FINALIZING);
        app.work(TICK);

        Batch done = app.newest();
        assertThat(done.status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(done.counts()).isEqualTo(new Counts(10, 9, 1, 0, 0));
        assertThat(done.usage()).isEqualTo(new Usage(100, 10, 20, 0));
        assertThat(done.outputFile()).isEqualTo(OutputKind.OUTPUT.fileOf(done.id()));
        assertThat(done.errorFile()).isEqualTo(OutputKind.ERROR.fileOf(done.id()));
        assertThat(app.content(OutputKind.OUTPUT.fileOf(done.id())).lines())
                .hasSize(9)
                .allMatch(line -> line.contains("\"status_code\":200"));
        assertThat(app.content(OutputKind.ERROR.fileOf(done.id())))
                .contains("\"custom_id\":\"c4\"")
                .endsWith("}\n");
    }

    @Test
    void everyRequestRefersToItsExactBodyAndSaysWhoseItIs() throws MalformedJson {
        app.submit("\uFEFF" + BatchesHarness.line("a") + "\r\n\n" + BatchesHarness.line("b"));
        app.work(TICK);

        List<TestRecord<byte[], byte[]>> requests = app.requests(Band.LOW);
        assertThat(requests).hasSize(2);
        for (int i = 0; i < 2; i++) {
            String customId = i == 0 ? "a" : "b";
            TestRecord<byte[], byte[]> request = requests.get(i);
            InputLine line = InputLineReader.read(request.value());
            BodyRef ref = Objects.requireNonNull(line.bodyRef());
            assertThat(line.customId()).isEqualTo(customId);
            assertThat(new String(app.bytes(ref.blob(), ref.offset(), ref.lengthBytes()), UTF_8))
                    .isEqualTo(BatchesHarness.body(customId));
            RequestId id = RequestId.ofLine(Fixtures.ID, i == 0 ? 1 : 3);
            assertThat(new String(request.key(), UTF_8)).isEqualTo(id.value());
            assertThat(header(request, Headers.REQUEST_ID)).isEqualTo(id.value());
            assertThat(header(request, Headers.TENANT)).isEqualTo("default");
            assertThat(header(request, Headers.OBJECTIVE.getFirst())).isEqualTo("night");
            assertThat(header(request, Headers.DEADLINE_MS))
                    .isEqualTo(
                            Long.toString(Fixtures.START.plus(Fixtures.WINDOW).toEpochMilli()));
        }
    }

    @Test
    void fourDifferentlyBrokenLinesFailTheBatchWithFourErrors() {
        app.submit(String.join(
                "\n",
                BatchesHarness.line("a"),
                "{broken",
                BatchesHarness.line("b").replace("POST", "PUT"),
                BatchesHarness.line("c").replace("\"m\"", "\"unknown\""),
                BatchesHarness.line("a")));
        app.work(TICK);

        Batch failed = app.newest();
        assertThat(failed.status()).isEqualTo(BatchStatus.FAILED);
        assertThat(failed.errors())
                .extracting(LineError::code)
                .containsExactly("invalid_json_line", "invalid_method", "model_not_found", "duplicate_custom_id");
        assertThat(failed.errors()).extracting(LineError::line).containsExactly(2, 3, 4, 5);
        assertThat(failed.counts()).isEqualTo(Counts.NONE);
        assertThat(app.requests(Band.LOW)).isEmpty();
    }

    @Test
    void aRewrittenModelCountsAsServed() {
        app.rewrite("food", "m");
        app.submit(BatchesHarness.line("a").replace("\"m\"", "\"food\"") + "\n" + BatchesHarness.line("b"));
        app.work(TICK);

        assertThat(app.newest().status()).isEqualTo(BatchStatus.IN_PROGRESS);
        assertThat(app.requests(Band.LOW)).hasSize(2);
    }

    /// Each line's id decides, as it will when the line is tagged.
    @Test
    void aLineWhoseOwnTargetIsNotServedFailsTheBatchBeforeAnythingRuns() {
        app.rewrite("food", "m", "typo");
        app.submit((BatchesHarness.line("NUMBER").replace("\"m\"", "\"food\"") + "\n").repeat(40));
        app.work(Duration.ofSeconds(1));

        Batch failed = app.newest();
        assertThat(failed.status()).isEqualTo(BatchStatus.FAILED);
        Rewrites evenly = Rewrites.of(List.of(new ModelRewrite(
                new RewriteName("food"),
                null,
                null,
                null,
                List.of(new Rule(
                        List.of(new ModelName("food")),
                        List.of(new Target(new ModelName("m"), null), new Target(new ModelName("typo"), null)))))));
        List<Integer> expected = IntStream.rangeClosed(1, 40)
                .filter(line -> evenly.route(
                                new ModelName("food"),
                                null,
                                () -> Rewrites.seed(RequestId.ofLine(Fixtures.ID, line)),
                                _ -> null)
                        .target()
                        .equals(new ModelName("typo")))
                .boxed()
                .toList();
        assertThat(expected).hasSizeBetween(5, 35);
        assertThat(failed.errors())
                .filteredOn(error -> error.code().equals("model_not_found"))
                .allMatch(error -> error.message()
                        .equals("The provided model 'food' is rewritten to 'typo' by InferenceModelRewrite food, which"
                                + " is not supported by the Batch API."))
                .extracting(LineError::line)
                .isEqualTo(expected);
        assertThat(app.requests(Band.LOW)).isEmpty();
    }

    @Test
    void aMissingInputFailsTheBatch() {
        app.announce(Fixtures.chat(Fixtures.ID, null, 0));
        app.work(TICK);

        assertThat(app.newest().errors()).extracting(LineError::param).containsExactly("file_id");
    }

    @Test
    void anInputWhoseContentIsGoneFailsTheBatch() {
        app.announce(Fixtures.chat(Fixtures.ID, "0".repeat(32), 100));
        app.work(TICK);

        assertThat(app.newest().errors()).extracting(LineError::param).containsExactly("file_id");
    }

    @Test
    void aCancelledBatchExpandsToItsEndAndPublishesWhatWasDone() {
        app.submit(lines(5));
        app.work(Duration.ofMillis(75)); // validated, and not yet expanded to the end
        app.end(1, End.COMPLETED);
        app.cancel(Fixtures.ID);
        assertThat(app.newest().status()).isEqualTo(BatchStatus.CANCELLING);
        app.work(TICK);
        assertThat(app.requests(Band.LOW)).hasSize(5);

        IntStream.rangeClosed(2, 5).forEach(line -> app.end(line, End.CANCELLED));
        app.work(TICK);

        assertThat(app.newest().status()).isEqualTo(BatchStatus.CANCELLED);
        assertThat(app.newest().counts()).isEqualTo(new Counts(5, 1, 0, 0, 4));
    }

    @Test
    void aCancelInValidationEndsTheBatchBeforeAnythingRuns() {
        app.submit(lines(100));
        app.work(Duration.ofMillis(50));
        app.cancel(Fixtures.ID);
        app.work(Duration.ofSeconds(2));

        assertThat(app.newest().status()).isEqualTo(BatchStatus.CANCELLED);
        assertThat(app.newest().counts()).isEqualTo(Counts.NONE);
        assertThat(app.requests(Band.LOW)).isEmpty();
    }

    @Test
    void aCancelThatOvertakesItsBatchIsRemembered() {
        app.cancel(Fixtures.ID);
        app.submit(lines(3));
        app.work(TICK);

        assertThat(app.newest().status()).isEqualTo(BatchStatus.CANCELLED);
        assertThat(app.requests(Band.LOW)).isEmpty();
    }

    @Test
    void aLateCancelAndLateResultsChangeNothing() {
        complete(1);
        Batch done = app.newest();
        app.cancel(Fixtures.ID);
        app.end(1, End.FAILED);
        app.work(TICK);

        assertThat(app.newest()).isEqualTo(done);
    }

    @Test
    void ownWritingsComingBackChangeNothing() {
        app.submit(lines(3));
        app.work(TICK);
        Batch running = app.newest();
        app.announce(running);
        app.work(TICK);

        assertThat(app.newest().status()).isEqualTo(BatchStatus.IN_PROGRESS);
        assertThat(app.requests(Band.LOW)).hasSize(3);
    }

    @Test
    void aRepeatedSubmissionIsToldHowFarTheBatchIs() {
        Batch submitted = complete(1);
        int before = app.told().size();
        app.announce(submitted);
        app.work(TICK);

        assertThat(app.told().subList(before, app.told().size()))
                .extracting(Batch::status)
                .containsExactly(BatchStatus.COMPLETED);
    }

    @Test
    void progressIsToldAtMostEvery250Milliseconds() {
        app.submit(lines(9));
        app.work(TICK.multipliedBy(4));
        int before = app.told().size();
        IntStream.rangeClosed(1, 8).forEach(line -> app.end(line, End.COMPLETED));
        assertThat(app.told()).hasSize(before);
        app.work(TICK);

        assertThat(app.told()).hasSize(before + 1);
        assertThat(app.newest().counts()).isEqualTo(new Counts(9, 8, 0, 0, 0));
    }

    @Test
    void undecodableRecordsOfAnyTopicStopNothing() {
        app.garbage();
        app.submit(lines(2));
        app.work(TICK);

        assertThat(app.newest().status()).isEqualTo(BatchStatus.IN_PROGRESS);
    }

    @Test
    void resultsThatAreNoBatchLinesAreIgnored() {
        app.result(new RequestId("idem-1"), "{}".getBytes(UTF_8));
        app.result(RequestId.ofLine(Fixtures.ID, 1), "{}".getBytes(UTF_8));
        app.work(TICK);

        assertThat(app.told()).isEmpty();
    }

    private Batch complete(int lines) {
        Batch submitted = app.submit(lines(lines));
        app.work(TICK.multipliedBy(2));
        IntStream.rangeClosed(1, lines).forEach(line -> app.end(line, End.COMPLETED));
        app.work(TICK);
        assertThat(app.newest().status()).isEqualTo(BatchStatus.COMPLETED);
        return submitted;
    }

    private static String lines(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(n -> BatchesHarness.line("c" + n) + "\n")
                .collect(Collectors.joining());
    }

    private static String header(TestRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}
