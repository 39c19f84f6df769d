package io.penstock.router.ledger;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.PoolName;
import java.time.Duration;

/// Where the ledger reports numbers. Counters count decisions, also those of a transaction that is
/// later aborted.
public interface LedgerMetrics {
    /// Drops everything.
    LedgerMetrics NONE = new LedgerMetrics() {
        @Override
        public void count(LedgerCount what, long by) {}

        @Override
        public void lane(PoolName pool, Band band, long depth, Duration oldest) {}
    };

    /// `what` happened `by` more times.
    void count(LedgerCount what, long by);

    /// A lane holds `depth` pending requests, the first of which was accepted `oldest` ago; told once
    /// per tick.
    void lane(PoolName pool, Band band, long depth, Duration oldest);
}
