package io.penstock.router.batches.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.batches.Fixtures;
import io.penstock.router.batches.input.Cursor;
import io.penstock.router.batches.input.PoolCost;
import io.penstock.router.batches.input.Validation.Findings;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Directive;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Estimate;
import io.penstock.topics.record.LineError;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.StoredFile.Segment;
import io.penstock.topics.record.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchLifecycleTest {
    private static final Instant NOW = Fixtures.START.plusSeconds(5);
    private static final List<PoolCost> COSTS = List.of(new PoolCost(new PoolName("p"), 100));
    private static final Estimate ESTIMATE = new Estimate(100, NOW.plusSeconds(10), false);
    private static final BatchEvent URGENT =
            new BatchEvent.Commanded(new Control.Prioritise(new ObjectiveName("urgent"), Band.HIGH));
    private static final BatchState SUBMITTED = BatchState.submitted(Fixtures.chat(Fixtures.ID, "in", 100));

    @Test
    void aGoodInputPutsTheBatchInProgressWithItsTotal() {
        BatchState state = running(3);

        assertThat(state.batch().status()).isEqualTo(BatchStatus.IN_PROGRESS);
        assertThat(state.batch().counts()).isEqualTo(Counts.of(3));
        assertThat(state.batch().model()).isEqualTo(new ModelName("m"));
        assertThat(state.batch().since()).containsEntry(BatchStatus.IN_PROGRESS, NOW);
    }

    @Test
    void anEstimateIsKeptWhileTheBatchRunsAndNoLonger() {
        BatchState state = expanded(running(1), 1);
        assertThat(state.batch().estimate()).isEqualTo(ESTIMATE);
        Estimate later = new Estimate(50, NOW.plusSeconds(99), true);
        state = decide(state, new BatchEvent.Estimated(later));
        assertThat(state.batch().estimate()).isEqualTo(later);
        assertThat(state.contents().costs()).isEqualTo(COSTS);

        state = decide(state, ended(1, End.COMPLETED));
        assertThat(state.batch().status()).isEqualTo(BatchStatus.FINALIZING);
        assertThat(state.batch().estimate()).isNull();
        assertThat(decide(state, new BatchEvent.Estimated(later))).isEqualTo(state);
    }

    @Test
    void aBadInputFailsTheBatchWithNothingCounted() {
        LineError error = new LineError("invalid_url", "…", "url", 1);
        BatchState state = decide(SUBMITTED, new BatchEvent.Validated(new Findings.Bad(List.of(error)), null));

        assertThat(state.batch().status()).isEqualTo(BatchStatus.FAILED);
        assertThat(state.batch().counts()).isEqualTo(Counts.NONE);
        assertThat(state.batch().errors()).containsExactly(error);
        assertThat(state.batch().outputFile()).isNull();
    }

    @Test
    void aCancelInValidationEndsTheBatchAtOnce() {
        BatchState state = decide(SUBMITTED, new BatchEvent.Commanded(new Control.Cancel()));

        assertThat(state.batch().status()).isEqualTo(BatchStatus.CANCELLED);
        assertThat(state.batch().counts()).isEqualTo(Counts.NONE);
        assertThat(state.batch().since()).containsKeys(BatchStatus.CANCELLING, BatchStatus.CANCELLED);
        assertThat(decide(state, new BatchEvent.Validated(new Findings.Good(1, 1, null, List.of()), null)))
                .isEqualTo(state);
    }

    @Test
    void aWindowThatPassesInValidationExpiresTheBatch() {
        Instant end = SUBMITTED.batch().submission().expiresAt();

        assertThat(BatchLifecycle.decide(SUBMITTED, new BatchEvent.WindowPassed(), end.minusMillis(1))
                        .state())
                .isEqualTo(SUBMITTED);
        assertThat(BatchLifecycle.decide(SUBMITTED, new BatchEvent.WindowPassed(), end)
                        .state()
                        .batch()
                        .status())
                .isEqualTo(BatchStatus.EXPIRED);
    }

    @Test
    void theLastLineBringsFinalizingAndTheLastSegmentCompleted() {
        BatchState state = expanded(running(2), 2);
        state = decide(state, ended(1, End.COMPLETED));
        Step last = BatchLifecycle.decide(state, ended(2, End.FAILED), NOW);

        assertThat(last.state().batch().status()).isEqualTo(BatchStatus.FINALIZING);
        assertThat(last.effects())
                .containsExactly(
                        new Effect.Mark(2, End.FAILED),
                        new Effect.KeepLine(OutputKind.ERROR, 0, 2),
                        new Effect.Announce(false),
                        new Effect.Announce(true));

        state = decide(last.state(), written(OutputKind.OUTPUT, 1));
        assertThat(state.batch().status()).isEqualTo(BatchStatus.FINALIZING);
        Step done = BatchLifecycle.decide(state, written(OutputKind.ERROR, 1), NOW);

        assertThat(done.state().batch().status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(done.state().batch().counts()).isEqualTo(new Counts(2, 1, 1, 0, 0));
        assertThat(done.state().batch().usage()).isEqualTo(new Usage(20, 0, 4, 0));
        assertThat(done.state().batch().outputFile()).isEqualTo(OutputKind.OUTPUT.fileOf(Fixtures.ID));
        assertThat(done.state().batch().errorFile()).isEqualTo(OutputKind.ERROR.fileOf(Fixtures.ID));
        assertThat(published(done)).containsExactly(OutputKind.ERROR, OutputKind.OUTPUT, OutputKind.ERROR);
    }

    @Test
    void aFileWithoutALineIsNotMade() {
        BatchState state = decide(expanded(running(1), 1), ended(1, End.FAILED));
        Step done = BatchLifecycle.decide(state, written(OutputKind.ERROR, 1), NOW);

        assertThat(done.state().batch().status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(done.state().batch().outputFile()).isNull();
        assertThat(published(done)).containsOnly(OutputKind.ERROR);
    }

    @Test
    void aRepeatedResultIsIgnored() {
        BatchState state = decide(expanded(running(2), 2), ended(1, End.COMPLETED));
        Step again = BatchLifecycle.decide(
                state, new BatchEvent.LineEnded(1, false, End.FAILED, new Usage(10, 0, 2, 0), 50), NOW);

        assertThat(again).isEqualTo(Step.ignored(state));
    }

    @Test
    void moreResultsThanRequestsAreIgnored() {
        BatchState state = decide(expanded(running(1), 1), ended(1, End.COMPLETED));

        assertThat(decide(state, ended(2, End.COMPLETED))).isEqualTo(state);
    }

    @Test
    void aCancelledBatchWaitsForItsLinesAndPublishesWhatWasDone() {
        BatchState state = decide(expanded(running(2), 2), ended(1, End.COMPLETED));
        state = decide(state, new BatchEvent.Commanded(new Control.Cancel()));
        assertThat(state.batch().status()).isEqualTo(BatchStatus.CANCELLING);

        state = decide(state, ended(2, End.CANCELLED));
        state = decide(state, written(OutputKind.OUTPUT, 1));
        assertThat(state.batch().status()).isEqualTo(BatchStatus.CANCELLING);
        state = decide(state, written(OutputKind.ERROR, 1));

        assertThat(state.batch().status()).isEqualTo(BatchStatus.CANCELLED);
        assertThat(state.batch().counts()).isEqualTo(new Counts(2, 1, 0, 0, 1));
        assertThat(state.batch().outputFile()).isNotNull();
    }

    @Test
    void aCancelWhileFinalizingStillEndsCancelled() {
        BatchState state = decide(expanded(running(1), 1), ended(1, End.COMPLETED));
        state = decide(state, new BatchEvent.Commanded(new Control.Cancel()));
        state = decide(state, written(OutputKind.OUTPUT, 1));

        assertThat(state.batch().status()).isEqualTo(BatchStatus.CANCELLED);
    }

    @Test
    void commandsAreRecordedOnceAndTakenBack() {
        BatchState state = running(2);
        Step paused = BatchLifecycle.decide(state, new BatchEvent.Commanded(new Control.Pause()), NOW);
        assertThat(paused.state().batch().directive().paused()).isTrue();
        assertThat(paused.effects()).containsExactly(new Effect.Announce(true));
        assertThat(BatchLifecycle.decide(paused.state(), new BatchEvent.Commanded(new Control.Pause()), NOW))
                .isEqualTo(Step.ignored(paused.state()));

        state = decide(paused.state(), URGENT);
        assertThat(state.batch().objective()).isEqualTo(new ObjectiveName("urgent"));
        assertThat(state.batch().directive().paused()).isTrue();
        state = decide(state, new BatchEvent.Commanded(new Control.Resume()));
        assertThat(state.batch().directive()).isEqualTo(new Directive(false, new ObjectiveName("urgent"), null));
    }

    @Test
    void aDeadlineOnlyMovesForward() {
        Instant window = SUBMITTED.batch().deadline();
        BatchState state = running(2);
        assertThat(decide(state, extend(window))).isEqualTo(state);
        state = decide(state, extend(window.plusSeconds(10)));
        assertThat(state.batch().deadline()).isEqualTo(window.plusSeconds(10));
        assertThat(decide(state, extend(window.plusSeconds(9)))).isEqualTo(state);
    }

    @Test
    void anExtendedBatchInValidationExpiresAtItsNewDeadline() {
        Instant window = SUBMITTED.batch().deadline();
        BatchState state = decide(SUBMITTED, extend(window.plusSeconds(10)));

        assertThat(BatchLifecycle.decide(state, new BatchEvent.WindowPassed(), window)
                        .state())
                .isEqualTo(state);
        assertThat(BatchLifecycle.decide(state, new BatchEvent.WindowPassed(), window.plusSeconds(10))
                        .state()
                        .batch()
                        .status())
                .isEqualTo(BatchStatus.EXPIRED);
    }

    @Test
    void aPausedBatchCanBeCancelled() {
        BatchState state = decide(expanded(running(1), 1), new BatchEvent.Commanded(new Control.Pause()));
        state = decide(state, new BatchEvent.Commanded(new Control.Cancel()));
        assertThat(state.batch().status()).isEqualTo(BatchStatus.CANCELLING);
        assertThat(decide(state, new BatchEvent.Commanded(new Control.Resume())))
                .isEqualTo(state);
        state = decide(state, ended(1, End.CANCELLED));
        state = decide(state, written(OutputKind.ERROR, 1));

        assertThat(state.batch().status()).isEqualTo(BatchStatus.CANCELLED);
    }

    @Test
    void commandsOnAnEndedBatchAndThoseForTheAuditChangeNothing() {
        BatchState ended = decide(SUBMITTED, new BatchEvent.Commanded(new Control.Cancel()));
        BatchState state = running(2);
        for (Control.Action action : List.of(
                new Control.Retry(Fixtures.ID), new Control.Redrive(new RequestId("r")), new Control.Explain("why"))) {
            assertThat(decide(state, new BatchEvent.Commanded(action))).isEqualTo(state);
        }
        for (Control.Action action : List.of(
                new Control.Pause(),
                new Control.Resume(),
                new Control.Extend(Fixtures.START.plus(Duration.ofDays(9))),
                new Control.Cancel())) {
            assertThat(decide(ended, new BatchEvent.Commanded(action))).isEqualTo(ended);
        }
    }

    @Test
    void aBatchWithExpiredLinesExpires() {
        BatchState state = decide(expanded(running(1), 1), ended(1, End.EXPIRED));
        state = decide(state, written(OutputKind.ERROR, 1));

        assertThat(state.batch().status()).isEqualTo(BatchStatus.EXPIRED);
        assertThat(state.batch().since()).containsKey(BatchStatus.FINALIZING);
    }

    @Test
    void linesThatEndBeforeTheInputIsExpandedEndTheBatchWithIt() {
        BatchState state = running(2);
        state = decide(state, new BatchEvent.Expanded(new Expansion(new Cursor(0, 10, 1), 1, false)));
        state = decide(decide(state, ended(1, End.COMPLETED)), ended(2, End.FAILED));
        assertThat(state.batch().status()).isEqualTo(BatchStatus.IN_PROGRESS);

        state = decide(state, new BatchEvent.Expanded(new Expansion(new Cursor(1, 0, 2), 2, true)));

        assertThat(state.batch().status()).isEqualTo(BatchStatus.FINALIZING);
        assertThat(state.batch().counts()).isEqualTo(new Counts(2, 1, 1, 0, 0));
    }

    @Test
    void aLongFileIsWrittenLessOften() {
        Output output = Output.EMPTY.keeping(10, NOW);
        for (int i = 0; i < 100; i++) {
            output = output.writing(10, 1).keeping(10, NOW);
        }

        assertThat(output.segments()).isEqualTo(100);
        assertThat(Output.EMPTY.keeping(10, NOW).isDue(false, NOW.plusMillis(999)))
                .isFalse();
        assertThat(Output.EMPTY.keeping(10, NOW).isDue(false, NOW.plusSeconds(1)))
                .isTrue();
        assertThat(output.isDue(false, NOW.plusSeconds(25))).isFalse();
        assertThat(output.isDue(false, NOW.plusSeconds(26))).isTrue();
        assertThat(output.isDue(true, NOW)).isTrue();
        assertThat(Output.EMPTY.keeping(Output.SEGMENT_BYTES, NOW).isDue(false, NOW))
                .isTrue();
    }

    @Test
    void allPublicationsTogetherNameSegmentsInProportionToTheirNumber() {
        BatchState state = running(10_000);
        long named = 0;
        for (int line = 1; line <= 5_000; line++) {
            state = decide(state, ended(line, End.COMPLETED));
            Step step = BatchLifecycle.decide(state, written(OutputKind.OUTPUT, 1), NOW);
            state = step.state();
            named += published(step).isEmpty() ? 0 : line;
        }

        assertThat(named).isLessThan(35 * 5_000);
    }

    @Test
    void aPublishedFileLivesAMonthUnlessItsBatchSaysOtherwise() {
        StoredFile file = PublishedFile.of(SUBMITTED.batch(), OutputKind.ERROR, List.of(new Segment("s", 50)), NOW);

        assertThat(file.filename()).isEqualTo(Fixtures.ID + "_error.jsonl");
        assertThat(file.purpose()).isEqualTo("batch_output");
        assertThat(file.expiresAt()).isEqualTo(NOW.plus(Duration.ofDays(30)));
        assertThat(file.segments()).containsExactly(new Segment("s", 50));
    }

    @Test
    void theStateSurvivesItsTwoRows() {
        BatchState state = decide(expanded(running(2), 2), ended(1, End.COMPLETED));

        assertThat(Rows.stored(state)).isEqualTo(state);
    }

    @Test
    void aResultChangesOnlyTheProgress() {
        BatchState state = expanded(running(3), 3);
        BatchState next = decide(state, ended(1, End.COMPLETED));

        assertThat(next.hasHeadOf(state)).isTrue();
        assertThat(decide(next, new BatchEvent.Commanded(new Control.Cancel())).hasHeadOf(next))
                .isFalse();
    }

    static BatchState running(int lines) {
        return decide(
                SUBMITTED,
                new BatchEvent.Validated(new Findings.Good(lines, lines, new ModelName("m"), COSTS), ESTIMATE));
    }

    private static BatchState expanded(BatchState state, int lines) {
        return decide(state, new BatchEvent.Expanded(new Expansion(new Cursor(1, 0, lines), lines, true)));
    }

    private static BatchEvent ended(int line, End end) {
        return new BatchEvent.LineEnded(line, true, end, new Usage(10, 0, 2, 0), 50);
    }

    private static BatchEvent extend(Instant deadline) {
        return new BatchEvent.Commanded(new Control.Extend(deadline));
    }

    private static BatchEvent written(OutputKind kind, int lines) {
        return new BatchEvent.SegmentWritten(kind, 50L * lines, lines);
    }

    private static BatchState decide(BatchState state, BatchEvent event) {
        return BatchLifecycle.decide(state, event, NOW).state();
    }

    private static List<OutputKind> published(Step step) {
        return step.effects().stream()
                .filter(Effect.Publish.class::isInstance)
                .map(effect -> ((Effect.Publish) effect).kind())
                .toList();
    }
}
