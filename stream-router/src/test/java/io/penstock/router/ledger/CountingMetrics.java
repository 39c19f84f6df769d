package io.penstock.router.ledger;

import io.penstock.topics.record.LaneStatus;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/// Keeps what it is told.
final class CountingMetrics implements LedgerMetrics {
    private final EnumMap<LedgerCount, Long> counts = new EnumMap<>(LedgerCount.class);
    private final Map<String, Long> depths = new HashMap<>();

    @Override
    public void count(LedgerCount what, long by) {
        counts.merge(what, by, Long::sum);
    }

    @Override
    public void lane(LaneStatus status, Duration oldest) {
        depths.put(LaneStatus.key(status.pool(), status.band()), status.pending());
    }

    CountingMetrics copy() {
        CountingMetrics copy = new CountingMetrics();
        copy.become(this);
        return copy;
    }

    void become(CountingMetrics other) {
        counts.clear();
        counts.putAll(other.counts);
        depths.clear();
        depths.putAll(other.depths);
    }

    long of(LedgerCount what) {
        return counts.getOrDefault(what, 0L);
    }

    Map<String, Long> depths() {
        return depths;
    }
}
