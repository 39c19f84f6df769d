package io.penstock.router.ledger;

import io.penstock.topics.record.Puller;

/// What can happen to an unfinished request.
sealed interface Trigger {
    /// A pull has room for it: it goes to `puller` as number `ticket`.
    record Assign(Puller puller, long ticket) implements Trigger {}

    /// A worker reports that it has ended, in assignment `by`; any assignment's word counts, the first
    /// one wins.
    record Final(Assignment by, Finish finish) implements Trigger {}

    /// The engine of assignment `by` failed.
    record Broken(Assignment by, String message) implements Trigger {}

    /// Assignment `by` met backpressure, as `reason` says; `retryAfterMs` is the engine's wish, 0 for none.
    record Returned(Assignment by, String reason, long retryAfterMs) implements Trigger {}

    /// The worker of assignment `by` is gone.
    record Lost(Assignment by) implements Trigger {}

    /// Its backoff is over.
    record BackoffOver() implements Trigger {}

    /// Its deadline has passed.
    record DeadlinePassed() implements Trigger {}

    /// It, or its batch, was cancelled.
    record Cancelled() implements Trigger {}
}
