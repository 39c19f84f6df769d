package io.penstock.router.batches.progress;

import io.penstock.router.batches.input.Validation.Findings;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.End;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What follows when something happens to a batch: a function of the state, the event and the time, and
/// of nothing else.
///
/// Each line is counted once, when its bit in `ended` is first set, and a batch leaves `in_progress`
/// and `cancelling` only when `completed + failed = total`; so the counts agree at every terminal state
/// by construction. An event that makes no sense in the present status (a repeated result, a cancel too
/// late) is ignored.
public final class BatchLifecycle {
    /// The life of output files whose batch names none.
    private static final Duration OUTPUT_LIFE = Duration.ofDays(30);

    private BatchLifecycle() {}

    /// Decides what `event` at `now` makes of `state`.
    public static Step decide(BatchState state, BatchEvent event, Instant now) {
        Step step = switch (event) {
            case BatchEvent.CancelAsked() -> cancelled(state, now);
            case BatchEvent.Validated(Findings findings) -> validated(state, findings, now);
            case BatchEvent.Expanded(Expansion expansion) ->
                isRunning(state) ? quietly(state.with(expansion)) : Step.ignored(state);
            case BatchEvent.InputLost() -> inputLost(state);
            case BatchEvent.LineEnded ended -> lineEnded(state, ended, now);
            case BatchEvent.SegmentWritten written -> segmentWritten(state, written, now);
            case BatchEvent.WindowPassed() -> windowPassed(state, now);
        };
        return settled(step, now);
    }

    private static boolean isRunning(BatchState state) {
        return switch (state.batch().status()) {
            case IN_PROGRESS, CANCELLING -> true;
            case VALIDATING, FINALIZING, COMPLETED, FAILED, EXPIRED, CANCELLED -> false;
        };
    }

    private static Step cancelled(BatchState state, Instant now) {
        return switch (state.batch().status()) {
            case VALIDATING -> entering(state, now, BatchStatus.CANCELLING, BatchStatus.CANCELLED);
            case IN_PROGRESS, FINALIZING -> entering(state, now, BatchStatus.CANCELLING);
            case CANCELLING, COMPLETED, FAILED, EXPIRED, CANCELLED -> Step.ignored(state);
        };
    }

    private static Step validated(BatchState state, Findings findings, Instant now) {
        if (state.batch().status() != BatchStatus.VALIDATING) {
            return Step.ignored(state);
        }
        return switch (findings) {
            case Findings.Good good -> {
                Batch batch = state.batch().validated(Counts.of(good.requests()), good.model(), List.of());
                BatchState ready = new BatchState(
                        batch, Expansion.NONE, LineSet.noneOf(good.lines()), Output.EMPTY, Output.EMPTY, false);
                yield entering(ready, now, BatchStatus.IN_PROGRESS);
            }
            case Findings.Bad bad ->
                entering(state.with(state.batch().validated(Counts.NONE, null, bad.errors())), now, BatchStatus.FAILED);
        };
    }

    private static Step lineEnded(BatchState state, BatchEvent.LineEnded event, Instant now) {
        int line = event.line();
        if (!isRunning(state) || !state.ended().covers(line) || state.ended().contains(line)) {
            return Step.ignored(state);
        }
        Counts counts = state.batch().counts();
        if (counts.unfinished() == 0) {
            return Step.ignored(state);
        }
        OutputKind kind = OutputKind.of(event.end());
        Counts counted = counts.plus(event.end());
        Usage usage = plus(state.batch().usage(), event.usage());
        Output file = state.fileOf(kind);
        BatchState next = state.ending(state.ended().with(line), counted, usage, event.end() == End.EXPIRED)
                .with(kind, file.keeping(event.bytes(), now));
        return new Step(next, List.of(new Effect.KeepLine(kind, file.kept()), new Effect.Announce(false)));
    }

    private static Step inputLost(BatchState state) {
        Expansion expansion = state.expansion();
        if (!isRunning(state) || expansion.complete()) {
            return Step.ignored(state);
        }
        Batch batch = state.batch();
        Counts counts = batch.counts();
        int lost = Math.min(counts.total() - expansion.requests(), counts.unfinished());
        Counts counted = new Counts(
                counts.total(), counts.completed(), counts.failed(), counts.expired() + lost, counts.cancelled());
        return quietly(state.ending(state.ended(), counted, plus(batch.usage(), Usage.NONE), true)
                .with(new Expansion(expansion.cursor(), expansion.requests(), true)));
    }

    private static Step segmentWritten(BatchState state, BatchEvent.SegmentWritten event, Instant now) {
        BatchState next = state.with(event.kind(), state.fileOf(event.kind()).writing(event.segment(), event.lines()));
        return new Step(next, List.of(new Effect.Publish(published(next, event.kind(), now))));
    }

    private static Step windowPassed(BatchState state, Instant now) {
        boolean stuck = state.batch().status() == BatchStatus.VALIDATING
                && !now.isBefore(state.batch().submission().expiresAt());
        return stuck ? entering(state, now, BatchStatus.EXPIRED) : Step.ignored(state);
    }

    /// Moves on as far as nothing is left to wait for: all lines ended, then all of them written.
    private static Step settled(Step step, Instant now) {
        BatchState state = step.state();
        boolean open = isRunning(state) || state.batch().status() == BatchStatus.FINALIZING;
        if (!open || !state.allEnded()) {
            return step;
        }
        List<Effect> effects = new ArrayList<>(step.effects());
        if (state.batch().status() == BatchStatus.IN_PROGRESS) {
            Step finalizing = entering(state, now, BatchStatus.FINALIZING);
            state = finalizing.state();
            effects.addAll(finalizing.effects());
        }
        if (!state.anyPending()) {
            Step last = finished(state, now);
            state = last.state();
            effects.addAll(last.effects());
        }
        return new Step(state, effects);
    }

    private static Step finished(BatchState state, Instant now) {
        boolean cancelling = state.batch().status() == BatchStatus.CANCELLING;
        BatchStatus end =
                cancelling ? BatchStatus.CANCELLED : state.someExpired() ? BatchStatus.EXPIRED : BatchStatus.COMPLETED;
        List<Effect> effects = new ArrayList<>();
        for (OutputKind kind : OutputKind.values()) {
            if (!state.fileOf(kind).isEmpty()) {
                effects.add(new Effect.Publish(published(state, kind, now)));
            }
        }
        Batch named = state.batch()
                .published(
                        state.output().isEmpty()
                                ? null
                                : OutputKind.OUTPUT.fileOf(state.batch().id()),
                        state.errors().isEmpty()
                                ? null
                                : OutputKind.ERROR.fileOf(state.batch().id()));
        Step last = entering(state.with(named), now, end);
        effects.addAll(last.effects());
        return new Step(last.state(), effects);
    }

    /// The file as it can be read at `now`; its life counts from its newest publication.
    private static StoredFile published(BatchState state, OutputKind kind, Instant now) {
        Batch batch = state.batch();
        Long seconds = batch.submission().outputExpiresAfterSeconds();
        Duration life = seconds == null ? OUTPUT_LIFE : Duration.ofSeconds(seconds);
        return new StoredFile(
                kind.fileOf(batch.id()),
                batch.submission().tenant(),
                kind.filenameOf(batch.id()),
                "batch_output",
                now,
                now.plus(life),
                state.fileOf(kind).segments(), null);
    }

    private static Step entering(BatchState state, Instant now, BatchStatus... path) {
        Batch batch = state.batch();
        for (BatchStatus status : path) {
            batch = batch.entering(status, now);
        }
        return new Step(state.with(batch), List.of(new Effect.Announce(true)));
    }

    private static Step quietly(BatchState state) {
        return new Step(state, List.of());
    }

    private static Usage plus(@Nullable Usage before, Usage more) {
        return before == null ? more : before.plus(more);
    }
}
