package io.penstock.router.batches.progress;

import io.penstock.router.batches.input.Validation.Findings;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Directive;
import io.penstock.topics.record.Estimate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What follows when something happens to a batch: a function of the state, the event and the time, and
/// of nothing else.
///
/// Each line is counted once, when its first result comes, and a batch leaves `in_progress` and
/// `cancelling` only when every line has; so `total = completed + failed + expired + cancelled` at every
/// terminal state by construction. An event that makes no sense in the present status (a repeated
/// result, a cancel too late) is ignored.
public final class BatchLifecycle {
    private BatchLifecycle() {}

    /// Decides what `event` at `now` makes of `state`.
    public static Step decide(BatchState state, BatchEvent event, Instant now) {
        Step step = switch (event) {
            case BatchEvent.Commanded(Control.Action action) ->
                action instanceof Control.Cancel ? cancelled(state, now) : directed(state, action);
            case BatchEvent.Validated validated -> validated(state, validated, now);
            case BatchEvent.Previewed previewed -> previewed(state, previewed, now);
            case BatchEvent.RetryPlanned planned -> retryPlanned(state, planned, now);
            case BatchEvent.ParentEnded(Counts counts) -> parentEnded(state, counts);
            case BatchEvent.Merged(Merge merge) -> merged(state, merge);
            case BatchEvent.Estimated(Estimate estimate) -> estimated(state, estimate);
            case BatchEvent.Expanded(Expansion expansion) ->
                isRunning(state) ? quietly(state.with(expansion)) : Step.ignored(state);
            case BatchEvent.LineEnded ended -> lineEnded(state, ended, now);
            case BatchEvent.SegmentWritten written -> segmentWritten(state, written);
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

    /// A command other than a cancel counts until the batch is being cancelled or all of it has ended. What
    /// was estimated before it holds no longer.
    private static Step directed(BatchState state, Control.Action action) {
        Batch batch = state.batch();
        return switch (batch.status()) {
            case VALIDATING, IN_PROGRESS -> {
                Directive directive = Directives.after(batch.directive(), action, batch.deadline());
                yield directive.equals(batch.directive())
                        ? Step.ignored(state)
                        : new Step(
                                state.with(batch.directed(directive).estimated(null)),
                                List.of(new Effect.Announce(true)));
            }
            case FINALIZING, CANCELLING, COMPLETED, FAILED, EXPIRED, CANCELLED -> Step.ignored(state);
        };
    }

    private static Step validated(BatchState state, BatchEvent.Validated event, Instant now) {
        if (state.batch().status() != BatchStatus.VALIDATING) {
            return Step.ignored(state);
        }
        return switch (event.findings()) {
            case Findings.Good good -> {
                Batch batch = state.batch()
                        .validated(Counts.of(good.requests()), good.model(), List.of())
                        .estimated(event.estimate());
                yield entering(
                        state.with(batch, new Contents(good.lines(), good.requests(), good.costs())),
                        now,
                        BatchStatus.IN_PROGRESS);
            }
            case Findings.Bad bad ->
                entering(state.with(state.batch().validated(Counts.NONE, null, bad.errors())), now, BatchStatus.FAILED);
        };
    }

    /// A dry run passes through every status of a batch of no lines.
    private static Step previewed(BatchState state, BatchEvent.Previewed event, Instant now) {
        if (state.batch().status() != BatchStatus.VALIDATING) {
            return Step.ignored(state);
        }
        return switch (event.findings()) {
            case Findings.Good good -> {
                Batch found = state.batch()
                        .validated(Counts.NONE, good.model(), List.of())
                        .previewed(event.preview(), event.skipped());
                yield entering(
                        state.with(found), now, BatchStatus.IN_PROGRESS, BatchStatus.FINALIZING, BatchStatus.COMPLETED);
            }
            case Findings.Bad bad ->
                entering(state.with(state.batch().previewed(event.preview(), bad.errors())), now, BatchStatus.FAILED);
        };
    }

    private static Step retryPlanned(BatchState state, BatchEvent.RetryPlanned event, Instant now) {
        if (state.batch().status() != BatchStatus.VALIDATING) {
            return Step.ignored(state);
        }
        Counts ofParent = event.retry().accounted();
        Counts counts = new Counts(ofParent.total(), ofParent.completed(), 0, 0, 0);
        Batch batch = state.batch().validated(counts, event.model(), List.of()).estimated(event.estimate());
        return entering(state.with(batch, event.contents()).with(event.retry()), now, BatchStatus.IN_PROGRESS);
    }

    private static Step parentEnded(BatchState state, Counts ofParent) {
        Retry retry = state.retry();
        if (retry == null || retry.parentEnded() || !isRunning(state)) {
            return Step.ignored(state);
        }
        Counts counts = retry.inheriting(state.batch().counts(), ofParent);
        return new Step(state.counting(counts).with(retry.withParentEnded()), List.of(new Effect.Announce(false)));
    }

    private static Step merged(BatchState state, Merge merge) {
        Retry retry = state.retry();
        return retry != null && state.isMerging() ? quietly(state.with(retry.with(merge))) : Step.ignored(state);
    }

    private static Step estimated(BatchState state, @Nullable Estimate estimate) {
        return state.batch().status() == BatchStatus.IN_PROGRESS
                ? quietly(state.with(state.batch().estimated(estimate)))
                : Step.ignored(state);
    }

    private static Step lineEnded(BatchState state, BatchEvent.LineEnded event, Instant now) {
        if (!event.first()
                || !isRunning(state)
                || state.ended() == state.contents().requests()) {
            return Step.ignored(state);
        }
        OutputKind kind = OutputKind.of(event.end());
        Output file = state.fileOf(kind);
        // A command that extends the window moves the deadlines of all lines to its end.
        boolean byWindow = !event.ownDeadline() || state.batch().directive().deadline() != null;
        BatchState next =
                state.ending(event.end(), event.usage(), byWindow).with(kind, file.keeping(event.bytes(), now));
        return new Step(
                next,
                List.of(
                        new Effect.Mark(event.line(), event.end()),
                        new Effect.KeepLine(kind, file.kept(), event.line()),
                        new Effect.Announce(false)));
    }

    private static Step segmentWritten(BatchState state, BatchEvent.SegmentWritten event) {
        Output file = state.fileOf(event.kind()).writing(event.bytes(), event.lines());
        return state.retry() == null && file.isWorthPublishing()
                ? new Step(state.with(event.kind(), file.asPublished()), List.of(new Effect.Publish(event.kind())))
                : quietly(state.with(event.kind(), file));
    }

    private static Step windowPassed(BatchState state, Instant now) {
        boolean stuck = state.batch().status() == BatchStatus.VALIDATING
                && !now.isBefore(state.batch().deadline());
        return stuck ? entering(state, now, BatchStatus.EXPIRED) : Step.ignored(state);
    }

    /// Moves on as far as nothing is left to wait for: all lines ended, then all of them written, then the
    /// files of a retry put together with its parent's.
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
        if (!state.anyPending() && !state.isMerging()) {
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
            if (state.hasFile(kind)) {
                effects.add(new Effect.Publish(kind));
            }
        }
        Batch named = state.batch()
                .published(
                        state.hasFile(OutputKind.OUTPUT)
                                ? OutputKind.OUTPUT.fileOf(state.batch().id())
                                : null,
                        state.hasFile(OutputKind.ERROR)
                                ? OutputKind.ERROR.fileOf(state.batch().id())
                                : null);
        Step last = entering(state.with(named), now, end);
        effects.addAll(last.effects());
        return new Step(last.state(), effects);
    }

    private static Step entering(BatchState state, Instant now, BatchStatus... path) {
        Batch batch = state.batch();
        for (BatchStatus status : path) {
            batch = batch.entering(status, now);
        }
        if (batch.status() != BatchStatus.IN_PROGRESS) {
            batch = batch.estimated(null);
        }
        return new Step(state.with(batch), List.of(new Effect.Announce(true)));
    }

    private static Step quietly(BatchState state) {
        return new Step(state, List.of());
    }
}
