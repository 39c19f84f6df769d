package io.penstock.router.ledger;

import org.jspecify.annotations.Nullable;

/// What a trigger does to a request.
sealed interface Step {
    /// It goes on, in another state.
    record Moved(Row next) implements Step {}

    /// It ends, and `abort`, if not null, is still running and must be stopped.
    record Ended(Finish finish, @Nullable Assignment abort) implements Step {}

    /// The trigger is about a past that no longer counts.
    record Ignored() implements Step {}
}
