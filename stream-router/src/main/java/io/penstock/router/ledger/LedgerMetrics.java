package io.penstock.router.ledger;

import io.penstock.topics.record.LaneStatus;
import java.time.Duration;

/// Where the ledger reports numbers. Counters count decisions, also those of a transaction that is
/// later aborted.
public interface LedgerMetrics {
    /// Drops everything.
    LedgerMetrics NONE = new LedgerMetrics() {
        @Override
        public void count(LedgerCount what, long by) {}

        @Override
        public void lane(LaneStatus status, Duration oldest) {}
    };

    /// `what` happened `by` more times.
    void count(LedgerCount what, long by);

    /// A lane stands so, and the first of its pending requests was accepted `oldest` ago; told once a
    /// second.
    void lane(LaneStatus status, Duration oldest);
}
