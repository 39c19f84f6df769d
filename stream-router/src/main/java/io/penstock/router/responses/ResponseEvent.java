package io.penstock.router.responses;

import io.penstock.topics.record.StoredResponse;
import io.penstock.topics.record.StoredResponse.Ending;
import java.time.Instant;

/// What happens to a request whose answer is asked for later.
sealed interface ResponseEvent {
    /// A client submitted it; `response` is queued and says how it is sent.
    record Submitted(StoredResponse response) implements ResponseEvent {}

    /// A worker got it for the first time.
    record Started(Instant at) implements ResponseEvent {}

    /// The ledger wrote its result.
    record Ended(Ending ending) implements ResponseEvent {}

    /// Its client wants its content gone.
    record Deleted() implements ResponseEvent {}

    /// It was to be looked at now. Says nothing of its own: what is due shows its row.
    record Due() implements ResponseEvent {}
}
