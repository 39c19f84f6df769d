package io.penstock.router.batches;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.batches.progress.OutputKind;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.FileId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.line.OutputLine;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Estimate;
import io.penstock.topics.record.LineError;
import io.penstock.topics.record.RetryOf;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.Submission;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetryTest {
    private static final BatchId RETRY = new BatchId("batch_fedcba9876543210fedcba9876543210");
    private static final BatchId AGAIN = new BatchId("batch_00000000000000000000000000000000");
    private static final Duration TICK = Duration.ofMillis(250);

    @TempDir
    private Path directory;

    private BatchesHarness app;
    private Batch parent;

    @BeforeEach
    void startABatchOfSixLines() {
        app = new BatchesHarness(directory);
        parent = app.submit(IntStream.rangeClosed(1, 6)
                .mapToObj(n -> BatchesHarness.line("c" + n))
                .collect(Collectors.joining("\n")));
        app.work(TICK);
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void theFailedLinesRunAgainAndTheFilesHoldEveryLineInOrder() {
        end(Fixtures.ID, End.COMPLETED, 6, 1, 4);
        end(Fixtures.ID, End.FAILED, 5, 2, 3);
        app.work(TICK.multipliedBy(3));
        assertThat(app.newest().status()).isEqualTo(BatchStatus.COMPLETED);
        int before = app.requests(Band.LOW).size();
        retry(RETRY, parent);

        Batch running = app.newest(RETRY);
        assertThat(running.status()).isEqualTo(BatchStatus.IN_PROGRESS);
        assertThat(running.counts()).isEqualTo(new Counts(6, 3, 0, 0, 0));
        assertThat(running.model()).isEqualTo(app.newest().model());
        assertThat(app.requests(Band.LOW).subList(before, app.requests(Band.LOW).size()))
                .extracting(request -> new String(request.key(), UTF_8))
                .containsExactly(RETRY + ":2", RETRY + ":3", RETRY + ":5");

        end(RETRY, End.COMPLETED, 5, 3);
        end(RETRY, End.EXPIRED, 2);
        app.work(TICK.multipliedBy(6));

        Batch done = app.newest(RETRY);
        assertThat(done.status()).isEqualTo(BatchStatus.EXPIRED);
        assertThat(done.counts()).isEqualTo(new Counts(6, 5, 0, 1, 0));
        assertThat(customIds(done.outputFile(), OutputKind.OUTPUT)).containsExactly("c1", "c3", "c4", "c5", "c6");
        assertThat(customIds(done.errorFile(), OutputKind.ERROR)).containsExactly("c2");
        assertThat(app.metrics.prometheusText())
                .contains(
                        "penstock_batch_lines_expanded_total 9.0",
                        "penstock_batch_lines_merged_total 6.0",
                        "penstock_batch_lines_ended_total{end=\"completed\"} 5.0",
                        "penstock_batches_ended_total{status=\"expired\"} 1.0");
    }

    @Test
    void aRetryOfAnUnfinishedBatchWaitsForItsParent() {
        end(Fixtures.ID, End.FAILED, 1);
        end(Fixtures.ID, End.COMPLETED, 2);
        retry(RETRY, parent);
        assertThat(app.newest(RETRY).counts()).isEqualTo(new Counts(6, 1, 0, 0, 0));
        end(RETRY, End.COMPLETED, 1);
        app.work(TICK.multipliedBy(8));
        assertThat(app.newest(RETRY).status()).isEqualTo(BatchStatus.IN_PROGRESS);
        assertThat(app.newest(RETRY).counts()).isEqualTo(new Counts(6, 2, 0, 0, 0));

        end(Fixtures.ID, End.FAILED, 3);
        end(Fixtures.ID, End.COMPLETED, 4, 5, 6);
        app.work(TICK.multipliedBy(6));

        Batch done = app.newest(RETRY);
        assertThat(done.status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(done.counts()).isEqualTo(new Counts(6, 5, 1, 0, 0));
        assertThat(customIds(done.outputFile(), OutputKind.OUTPUT)).containsExactly("c1", "c2", "c4", "c5", "c6");
        assertThat(customIds(done.errorFile(), OutputKind.ERROR)).containsExactly("c3");
    }

    @Test
    void onlyLinesWithTheCodesAskedForRunAgain() {
        end(Fixtures.ID, End.FAILED, 1, 2);
        end(Fixtures.ID, End.EXPIRED, 3);
        end(Fixtures.ID, End.COMPLETED, 4, 5, 6);
        app.work(TICK.multipliedBy(6));
        retry(RETRY, parent, "expired"); // the harness names codes by the end
        end(RETRY, End.COMPLETED, 3);
        end(RETRY, End.COMPLETED, 1); // none of its own
        app.work(TICK.multipliedBy(6));

        assertThat(app.newest(RETRY).status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(app.newest(RETRY).counts()).isEqualTo(new Counts(6, 4, 2, 0, 0));
        assertThat(customIds(app.newest(RETRY).errorFile(), OutputKind.ERROR)).containsExactly("c1", "c2");
    }

    @Test
    void onlyTheLinesNamedRunAgainAndLaterOthers() {
        end(Fixtures.ID, End.FAILED, 1, 2, 5);
        end(Fixtures.ID, End.COMPLETED, 3, 4, 6);
        app.work(TICK.multipliedBy(6));
        Batch second = Fixtures.retry(parent, RETRY, new RetryOf(parent.id(), List.of("failed"), List.of(2, 3)));
        app.announce(second);
        app.work(TICK);
        end(RETRY, End.COMPLETED, 2);
        end(RETRY, End.COMPLETED, 1, 5); // none of its own
        app.work(TICK.multipliedBy(6));
        assertThat(app.newest(RETRY).counts()).isEqualTo(new Counts(6, 4, 2, 0, 0));
        assertThat(customIds(app.newest(RETRY).errorFile(), OutputKind.ERROR)).containsExactly("c1", "c5");

        app.announce(Fixtures.retry(second, AGAIN, new RetryOf(RETRY, List.of("failed"), List.of(5))));
        app.work(TICK);
        end(AGAIN, End.COMPLETED, 5);
        app.work(TICK.multipliedBy(6));

        Batch done = app.newest(AGAIN);
        assertThat(done.counts()).isEqualTo(new Counts(6, 5, 1, 0, 0));
        assertThat(customIds(done.outputFile(), OutputKind.OUTPUT)).containsExactly("c2", "c3", "c4", "c5", "c6");
        assertThat(customIds(done.errorFile(), OutputKind.ERROR)).containsExactly("c1");
        assertThat(refusal(Fixtures.retry(parent, RETRY, new RetryOf(parent.id(), List.of(), List.of(3, 9))))
                        .message())
                .isEqualTo("None of the lines [3, 9] of batch " + Fixtures.ID + " has failed so far.");
    }

    @Test
    void aRetryCanBeRetried() {
        end(Fixtures.ID, End.FAILED, 1, 2);
        end(Fixtures.ID, End.COMPLETED, 3, 4, 5, 6);
        app.work(TICK.multipliedBy(6));
        retry(RETRY, parent);
        end(RETRY, End.FAILED, 1);
        end(RETRY, End.COMPLETED, 2);
        app.work(TICK.multipliedBy(6));
        retry(AGAIN, Fixtures.retry(parent, RETRY));
        end(AGAIN, End.COMPLETED, 1);
        app.work(TICK.multipliedBy(6));

        Batch done = app.newest(AGAIN);
        assertThat(done.status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(done.counts()).isEqualTo(new Counts(6, 6, 0, 0, 0));
        assertThat(done.errorFile()).isNull();
        assertThat(app.content(OutputKind.OUTPUT.fileOf(AGAIN)).lines())
                .extracting(RetryTest::id)
                .containsExactly(
                        wireId(AGAIN, 1),
                        wireId(RETRY, 2),
                        wireId(Fixtures.ID, 3),
                        wireId(Fixtures.ID, 4),
                        wireId(Fixtures.ID, 5),
                        wireId(Fixtures.ID, 6));
    }

    @Test
    void theEstimateOfARetryIsThatOfItsLines() {
        end(Fixtures.ID, End.FAILED, 1, 2, 3);
        app.lane(Band.LOW, 0, 0, 10);
        app.work(TICK.multipliedBy(25));
        Estimate whole = Objects.requireNonNull(app.newest().estimate());
        retry(RETRY, parent);

        assertThat(Objects.requireNonNull(app.newest(RETRY).estimate()).cost()).isEqualTo(whole.cost());
    }

    @Test
    void aStoreThatFailsDelaysTheMergeOnly() {
        end(Fixtures.ID, End.FAILED, 1);
        end(Fixtures.ID, End.COMPLETED, 2, 3, 4, 5, 6);
        app.work(TICK.multipliedBy(6));
        retry(RETRY, parent);
        end(RETRY, End.COMPLETED, 1);
        app.advance(TICK); // the retry's own line is written
        app.payloads.fail(true);
        app.work(Duration.ofSeconds(10));
        assertThat(app.newest(RETRY).status()).isEqualTo(BatchStatus.FINALIZING);
        app.payloads.fail(false);
        app.work(Duration.ofSeconds(20));

        assertThat(app.newest(RETRY).status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(customIds(app.newest(RETRY).outputFile(), OutputKind.OUTPUT)).hasSize(6);
    }

    @Test
    void whatCannotBeRetriedIsRefusedWithTheReason() {
        end(Fixtures.ID, End.FAILED, 1);
        assertThat(refusal(Fixtures.retry(Fixtures.chat(AGAIN, "a", 1), RETRY)).message())
                .contains("Cannot find batch " + AGAIN);
        assertThat(refusal(Fixtures.retry(parent, RETRY, "never")).message())
                .isEqualTo("No line of batch " + Fixtures.ID + " has failed with one of the codes [never] so far.");
        assertThat(refusal(ofTenant("other", Fixtures.retry(parent, RETRY))).code())
                .isEqualTo("batch_not_found");
        Batch otherInput = Fixtures.chat(Fixtures.ID, "0".repeat(32), 7);
        assertThat(refusal(Fixtures.retry(otherInput, RETRY)).param()).isEqualTo("input_file_id");
    }

    @Test
    void aBatchThatIsForgottenCannotBeRetried() {
        end(Fixtures.ID, End.FAILED, 1, 2, 3, 4, 5, 6);
        app.work(TICK.multipliedBy(6));
        app.advance(Forgetter.REMEMBERED.plusMinutes(1));
        app.advance(Duration.ofMinutes(1));

        assertThat(refusal(Fixtures.retry(parent, RETRY)).code()).isEqualTo("batch_not_found");
    }

    @Test
    void aBatchWithoutAFailedLineHasNothingToRetry() {
        end(Fixtures.ID, End.COMPLETED, 1, 2, 3, 4, 5, 6);
        app.work(TICK.multipliedBy(6));

        assertThat(refusal(Fixtures.retry(parent, RETRY)).code()).isEqualTo("nothing_to_retry");
    }

    private void retry(BatchId id, Batch of, String... codes) {
        app.announce(Fixtures.retry(of, id, codes));
        app.work(TICK);
    }

    /// The reason why `retry`, under an id of its own, fails.
    private LineError refusal(Batch retry) {
        Batch fresh = Batch.submitted(BatchId.random(), retry.submission());
        app.announce(fresh);
        app.work(TICK);
        assertThat(app.newest(fresh.id()).status()).isEqualTo(BatchStatus.FAILED);
        assertThat(app.newest(fresh.id()).counts()).isEqualTo(Counts.NONE);
        return app.newest(fresh.id()).errors().getFirst();
    }

    private static Batch ofTenant(String tenant, Batch batch) {
        Submission of = batch.submission();
        StoredFile input = Objects.requireNonNull(of.input());
        TenantId id = new TenantId(tenant);
        return Batch.submitted(
                batch.id(),
                new Submission(
                        id,
                        of.endpoint(),
                        of.inputFileId(),
                        new StoredFile(
                                input.id(),
                                id,
                                input.filename(),
                                input.purpose(),
                                input.createdAt(),
                                null,
                                input.segments(),
                                null),
                        of.completionWindow(),
                        of.objective(),
                        null,
                        of.createdAt(),
                        of.expiresAt(),
                        null,
                        of.retryOf(),
                        null));
    }

    private void end(BatchId batch, End end, int... lines) {
        for (int line : lines) {
            app.end(batch, line, end);
        }
    }

    private List<String> customIds(@Nullable FileId file, OutputKind kind) {
        assertThat(file).as("%s file", kind).isNotNull();
        return app.content(Objects.requireNonNull(file))
                .lines()
                .map(line -> line.replaceAll(".*\"custom_id\":\"([^\"]*)\".*", "$1"))
                .toList();
    }

    private static String id(String line) {
        return line.replaceAll("^\\{\"id\":\"([^\"]*)\".*", "$1");
    }

    /// The id that an output line has for this request.
    private static String wireId(BatchId batch, int line) {
        return id(new String(OutputLine.unanswered(RequestId.ofLine(batch, line), null, "c", "m"), UTF_8));
    }
}
