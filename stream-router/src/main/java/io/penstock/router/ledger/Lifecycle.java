package io.penstock.router.ledger;

import io.penstock.topics.record.End;
import io.penstock.topics.record.ErrorCode;
import io.penstock.topics.record.Partial;
import io.penstock.topics.record.Puller;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The life of a request as a pure function: `(row, trigger, its deadline, now) → step`.
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
///
/// A request that failed keeps away from that engine for a while (`LedgerPolicy.avoidFor`), should its pool have
/// another. The first loss of a worker says nothing of the engine; that of a second one does, or a worker
/// that dies of what it starts with would take the same requests each time it comes up.
final class Lifecycle {
    private static final Step IGNORED = new Step.Ignored();

    /// Left of the time before a deadline when a wait that would outlast it ends.
    private static final Duration LAST_CHANCE = Duration.ofSeconds(10);

    private final LedgerPolicy policy;

    Lifecycle(LedgerPolicy policy) {
        this.policy = policy;
    }

    /// What `trigger` makes of `row`, which may wait until `deadline`.
    Step decide(Row row, Trigger trigger, Instant deadline, Instant now) {
        return switch (trigger) {
            case Trigger.Assign(Puller puller, long ticket) ->
                row.state() instanceof RowState.Pending ? new Step.Moved(row.assignedTo(puller, ticket)) : IGNORED;
            case Trigger.Final(Assignment by, Finish finish) ->
                new Step.Ended(finish, by.equals(row.assignment()) ? null : row.assignment());
            case Trigger.Broken(Assignment by, String message, Partial partial) ->
                by.equals(row.assignment())
                        ? failed(
                                avoiding(row.keeping(usable(row, partial)), by, now),
                                message,
                                waiting(policy.backoffAfter(row.id(), row.attempts() + 1), message, deadline, now))
                        : IGNORED;
            case Trigger.Lost(Assignment by) ->
                by.equals(row.assignment())
                        ? failed(
                                row.attempts() == 0 ? row.keeping(null) : avoiding(row.keeping(null), by, now),
                                "The worker running it was lost.",
                                new RowState.Pending())
                        : IGNORED;
            case Trigger.Returned(Assignment by, String reason, long retryAfterMs, Partial partial, boolean yielded) ->
                by.equals(row.assignment())
                        ? returned(
                                stopped(row, partial, yielded),
                                policy.returnWait(row.id(), row.epoch(), retryAfterMs),
                                reason,
                                deadline,
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

    private Row avoiding(Row row, Assignment failed, Instant now) {
        return row.avoiding(failed.puller().endpoint(), now.plus(policy.avoidFor(row.attempts() + 1)));
    }

    private static Step returned(Row row, Duration wait, String reason, Instant deadline, Instant now) {
        return new Step.Moved(row.in(wait.isZero() ? new RowState.Pending() : waiting(wait, reason, deadline, now)));
    }

    private static Row stopped(Row row, @Nullable Partial partial, boolean yielded) {
        Row kept = partial == null ? row : row.keeping(usable(row, partial));
        return yielded ? kept.yielded() : kept;
    }

    private static @Nullable Partial usable(Row row, @Nullable Partial partial) {
        return partial != null && row.request().tag().resume() && partial.fits() ? partial : null;
    }

    /// A wait that would outlast the deadline ends 10 s before it, or half way to it if less is left, so that a
    /// request gets its last chance before it expires.
    private static RowState waiting(Duration wait, String why, Instant deadline, Instant now) {
        long leftMs = Duration.between(now, deadline).toMillis();
        long mostMs = Math.max(leftMs - LAST_CHANCE.toMillis(), leftMs / 2);
        return new RowState.Waiting(
                now.plusMillis(leftMs > 0 ? Math.min(wait.toMillis(), mostMs) : wait.toMillis()), why);
    }
}
