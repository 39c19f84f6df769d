package io.penstock.router.ledger;

import io.penstock.topics.record.End;
import io.penstock.topics.record.ErrorCode;
import io.penstock.topics.record.Partial;
import io.penstock.topics.record.Puller;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The life of a request as a pure function: `(row, trigger) → step`.
///
/// | in \ on | assign | final | broken | returned | lost | backoff over | deadline, cancel |
/// |---|---|---|---|---|---|---|---|
/// | pending | assigned | end | – | – | – | – | end |
/// | assigned | – | end | waiting, end¹ | pending, waiting² | pending, end¹ | – | end, abort |
/// | waiting | – | end | – | – | – | pending | end |
///
/// ¹ if that was the last attempt; ² if the engine asked for time. `broken`, `returned` and `lost`
/// count only for the running assignment, `final` for any. A `final` of a past assignment aborts the
/// running one. `LifecycleTest` holds this table against the code.
///
/// What the running assignment has generated when it is broken or returned is kept with the row, if its
/// objective wants that and it is within bounds. A return that brings nothing new leaves what was kept;
/// a failure that brings nothing, and a lost worker, have the request begin again: what was kept may be
/// what they fail of.
final class Lifecycle {
    private static final Step IGNORED = new Step.Ignored();

    private final LedgerPolicy policy;

    Lifecycle(LedgerPolicy policy) {
        this.policy = policy;
    }

    Step decide(Row row, Trigger trigger, Instant now) {
        return switch (trigger) {
            case Trigger.Assign(Puller puller, long ticket) ->
                row.state() instanceof RowState.Pending ? new Step.Moved(row.assignedTo(puller, ticket)) : IGNORED;
            case Trigger.Final(Assignment by, Finish finish) ->
                new Step.Ended(finish, by.equals(row.assignment()) ? null : row.assignment());
            case Trigger.Broken(Assignment by, String message, Partial partial) ->
                by.equals(row.assignment())
                        ? failed(
                                row.keeping(usable(row, partial)),
                                message,
                                waiting(row, policy.backoffAfter(row.id(), row.attempts() + 1), message, now))
                        : IGNORED;
            case Trigger.Lost(Assignment by) ->
                by.equals(row.assignment())
                        ? failed(row.keeping(null), "The worker running it was lost.", new RowState.Pending())
                        : IGNORED;
            case Trigger.Returned(Assignment by, String reason, long retryAfterMs, Partial partial) ->
                by.equals(row.assignment())
                        ? returned(
                                partial == null ? row : row.keeping(usable(row, partial)),
                                policy.returnWait(retryAfterMs),
                                reason,
                                now)
                        : IGNORED;
            case Trigger.BackoffOver() ->
                row.state() instanceof RowState.Waiting ? new Step.Moved(row.in(new RowState.Pending())) : IGNORED;
            case Trigger.DeadlinePassed() ->
                new Step.Ended(Finish.Unanswered.of(End.EXPIRED, ErrorCode.BATCH_EXPIRED), row.assignment());
            case Trigger.Cancelled() ->
                new Step.Ended(Finish.Unanswered.of(End.CANCELLED, ErrorCode.BATCH_CANCELLED), row.assignment());
        };
    }

    private Step failed(Row row, String message, RowState next) {
        if (row.attempts() + 1 < policy.attemptsMax()) {
            return new Step.Moved(row.failedOnce(next));
        }
        String why = ErrorCode.ATTEMPTS_EXHAUSTED.message() + " The last: " + message;
        return new Step.Ended(new Finish.Unanswered(End.FAILED, ErrorCode.ATTEMPTS_EXHAUSTED, why), null);
    }

    private static Step returned(Row row, Duration wait, String reason, Instant now) {
        return new Step.Moved(row.in(wait.isZero() ? new RowState.Pending() : waiting(row, wait, reason, now)));
    }

    private static @Nullable Partial usable(Row row, @Nullable Partial partial) {
        return partial != null && row.request().tag().resume() && partial.fits() ? partial : null;
    }

    /// No wait outlasts the deadline, so that a request gets its last chance before it expires.
    private static RowState waiting(Row row, Duration wait, String why, Instant now) {
        Instant deadline = row.request().tag().deadline();
        Instant until = now.plus(wait);
        return new RowState.Waiting(until.isAfter(deadline) && deadline.isAfter(now) ? deadline : until, why);
    }
}
