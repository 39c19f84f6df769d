package io.penstock.router.batches.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.batches.Fixtures;
import io.penstock.router.batches.input.Cursor;
import io.penstock.router.batches.input.Validation.Findings;
import io.penstock.topics.catalogue.JsonSerde;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.End;
import io.penstock.topics.record.LineError;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.StoredFile.Segment;
import io.penstock.topics.record.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchLifecycleTest {
    private static final Instant NOW = Fixtures.START.plusSeconds(5);
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
    void aBadInputFailsTheBatchWithNothingCounted() {
        LineError error = new LineError("invalid_url", "…", "url", 1);
        BatchState state = decide(SUBMITTED, new BatchEvent.Validated(new Findings.Bad(List.of(error))));

        assertThat(state.batch().status()).isEqualTo(BatchStatus.FAILED);
        assertThat(state.batch().counts()).isEqualTo(Counts.NONE);
        assertThat(state.batch().errors()).containsExactly(error);
        assertThat(state.batch().outputFile()).isNull();
    }

    @Test
    void aCancelInValidationEndsTheBatchAtOnce() {
        BatchState state = decide(SUBMITTED, new BatchEvent.CancelAsked());

        assertThat(state.batch().status()).isEqualTo(BatchStatus.CANCELLED);
        assertThat(state.batch().counts()).isEqualTo(Counts.NONE);
        assertThat(state.batch().since()).containsKeys(BatchStatus.CANCELLING, BatchStatus.CANCELLED);
        assertThat(decide(state, new BatchEvent.Validated(new Findings.Good(1, 1, null))))
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
                        new Effect.KeepLine(OutputKind.ERROR, 0),
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
        StoredFile errors = published(done).getLast();
        assertThat(errors.filename()).isEqualTo(Fixtures.ID + "_error.jsonl");
        assertThat(errors.purpose()).isEqualTo("batch_output");
        assertThat(errors.expiresAt()).isEqualTo(NOW.plus(Duration.ofDays(30)));
        assertThat(errors.segments()).hasSize(1);
    }

    @Test
    void aFileWithoutALineIsNotMade() {
        BatchState state = decide(expanded(running(1), 1), ended(1, End.FAILED));
        Step done = BatchLifecycle.decide(state, written(OutputKind.ERROR, 1), NOW);

        assertThat(done.state().batch().status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(done.state().batch().outputFile()).isNull();
        assertThat(published(done)).extracting(StoredFile::id).containsOnly(OutputKind.ERROR.fileOf(Fixtures.ID));
    }

    @Test
    void aRepeatedResultIsIgnored() {
        BatchState state = decide(expanded(running(2), 2), ended(1, End.COMPLETED));
        Step again = BatchLifecycle.decide(state, ended(1, End.FAILED), NOW);

        assertThat(again).isEqualTo(Step.ignored(state));
    }

    @Test
    void aResultOfALineTheFileDoesNotHaveIsIgnored() {
        BatchState state = expanded(running(2), 2);

        assertThat(decide(state, ended(0, End.COMPLETED))).isEqualTo(state);
        assertThat(decide(state, ended(9, End.COMPLETED))).isEqualTo(state);
    }

    @Test
    void aCancelledBatchWaitsForItsLinesAndPublishesWhatWasDone() {
        BatchState state = decide(expanded(running(2), 2), ended(1, End.COMPLETED));
        state = decide(state, new BatchEvent.CancelAsked());
        assertThat(state.batch().status()).isEqualTo(BatchStatus.CANCELLING);

        state = decide(state, ended(2, End.CANCELLED));
        state = decide(state, written(OutputKind.OUTPUT, 1));
        assertThat(state.batch().status()).isEqualTo(BatchStatus.CANCELLING);
        state = decide(state, written(OutputKind.ERROR, 1));

        assertThat(state.batch().status()).isEqualTo(BatchStatus.CANCELLED);
        assertThat(state.batch().counts()).isEqualTo(new Counts(2, 1, 1, 0, 0));
        assertThat(state.batch().outputFile()).isNotNull();
    }

    @Test
    void aCancelWhileFinalizingStillEndsCancelled() {
        BatchState state = decide(expanded(running(1), 1), ended(1, End.COMPLETED));
        state = decide(state, new BatchEvent.CancelAsked());
        state = decide(state, written(OutputKind.OUTPUT, 1));

        assertThat(state.batch().status()).isEqualTo(BatchStatus.CANCELLED);
    }

    @Test
    void aBatchWithExpiredLinesExpires() {
        BatchState state = decide(expanded(running(1), 1), ended(1, End.EXPIRED));
        state = decide(state, written(OutputKind.ERROR, 1));

        assertThat(state.batch().status()).isEqualTo(BatchStatus.EXPIRED);
        assertThat(state.batch().since()).containsKey(BatchStatus.FINALIZING);
    }

    @Test
    void linesOfALostInputCountAsFailedAndTheBatchExpires() {
        BatchState state = running(3);
        state = decide(state, new BatchEvent.Expanded(new Expansion(new Cursor(0, 10, 1), 1, false)));
        state = decide(state, ended(1, End.COMPLETED));
        state = decide(state, new BatchEvent.InputLost());
        state = decide(state, written(OutputKind.OUTPUT, 1));

        assertThat(state.batch().status()).isEqualTo(BatchStatus.EXPIRED);
        assertThat(state.batch().counts()).isEqualTo(new Counts(3, 1, 2, 0, 0));
    }

    @Test
    void theOutputsLifeCanBeSet() {
        List<Segment> many = new ArrayList<>();
        Output output = Output.EMPTY.keeping(10, NOW);
        for (int i = 0; i < 100; i++) {
            output = output.writing(new Segment("s" + i, 10), 1).keeping(10, NOW);
            many.add(new Segment("s" + i, 10));
        }

        assertThat(output.segments()).isEqualTo(many);
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
    void theStateSurvivesItsJson() {
        BatchState state = decide(expanded(running(2), 2), ended(1, End.COMPLETED));
        JsonSerde<BatchState> serde = new JsonSerde<>(BatchState.class);

        assertThat(serde.deserializer().deserialize("t", serde.serializer().serialize("t", state)))
                .isEqualTo(state);
    }

    static BatchState running(int lines) {
        return decide(SUBMITTED, new BatchEvent.Validated(new Findings.Good(lines, lines, new ModelName("m"))));
    }

    private static BatchState expanded(BatchState state, int lines) {
        return decide(state, new BatchEvent.Expanded(new Expansion(new Cursor(1, 0, lines), lines, true)));
    }

    private static BatchEvent ended(int line, End end) {
        return new BatchEvent.LineEnded(line, end, new Usage(10, 0, 2, 0), 50);
    }

    private static BatchEvent written(OutputKind kind, int lines) {
        return new BatchEvent.SegmentWritten(kind, new Segment(kind.name(), 50L * lines), lines);
    }

    private static BatchState decide(BatchState state, BatchEvent event) {
        return BatchLifecycle.decide(state, event, NOW).state();
    }

    private static List<StoredFile> published(Step step) {
        return step.effects().stream()
                .filter(Effect.Publish.class::isInstance)
                .map(effect -> ((Effect.Publish) effect).file())
                .toList();
    }
}
