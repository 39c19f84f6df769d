package io.penstock.worker;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An endpoint on its way out. What runs there has until `end`. It has said so to the ledger at `told`,
/// null if it has yet to.
record Departure(Instant end, @Nullable Instant told) {
    /// Tickets already on their way when the draining pulls were written come within this; unread they
    /// would wait for the lease to run out.
    static final Duration QUIET = Duration.ofSeconds(1);

    /// The ledger is told at `now`; the first time counts.
    Departure toldAt(Instant now) {
        return told == null ? new Departure(end, now) : this;
    }

    /// True if what still runs is to be cancelled.
    boolean isOverdue(Instant now) {
        return !now.isBefore(end);
    }

    /// True if nothing can come any more, the last ticket having come at `lastTicket`.
    boolean isQuiet(Instant lastTicket, Instant now) {
        return told != null && !now.isBefore(told.plus(QUIET)) && !now.isBefore(lastTicket.plus(QUIET));
    }
}
