package io.penstock.router.responses;

import io.penstock.topics.record.StoredResponse;
import java.time.Instant;

/// What a decision asks the outside to do, in the transaction that stores the new row.
sealed interface ResponseEffect {
    /// Tell everyone the row as it is now.
    record Announce() implements ResponseEffect {}

    /// Take back all that was told of it.
    record Retract() implements ResponseEffect {}

    /// Put it on `requests.*`.
    record Send(StoredResponse.Dispatch dispatch) implements ResponseEffect {}

    /// Remove `blob` from the payload store, soon.
    record Discard(String blob) implements ResponseEffect {}

    /// Look at it again at `at`.
    record LookAt(Instant at) implements ResponseEffect {}
}
