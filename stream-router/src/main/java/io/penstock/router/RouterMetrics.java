package io.penstock.router;

import io.penstock.router.ledger.LedgerCount;
import io.penstock.router.ledger.LedgerMetrics;
import io.penstock.service.Metrics;
import io.penstock.topics.record.LaneStatus;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/// Shows the ledger's numbers in a program's metrics. Thread-safe: every task of every stream thread
/// reports here.
public final class RouterMetrics implements LedgerMetrics {
    private final Metrics metrics;
    private final Map<String, Reading> readings = new ConcurrentHashMap<>();

    /// Shows every count from the start: Prometheus sees no rise in a counter that appears with its first event.
    public RouterMetrics(Metrics metrics) {
        this.metrics = metrics;
        for (LedgerCount what : LedgerCount.values()) {
            count(what, 0);
        }
    }

    @Override
    public void count(LedgerCount what, long by) {
        metrics.count(RouterMetric.of(what), (double) by);
    }

    @Override
    public void lane(LaneStatus status, Duration oldest) {
        String key = LaneStatus.key(status.pool(), status.band());
        if (readings.put(key, new Reading(status, oldest)) == null) {
            gauge(RouterMetric.LANE_DEPTH, status, reading -> reading.status().pending());
            gauge(RouterMetric.LANE_COST, status, reading -> reading.status().pendingCost());
            gauge(RouterMetric.LANE_RUNNING, status, reading -> reading.status().running());
            gauge(RouterMetric.LANE_RATE, status, reading -> reading.status().costPerSecond());
            gauge(RouterMetric.LANE_AT_RISK, status, reading -> reading.status().atRisk());
            gauge(RouterMetric.LANE_OLDEST, status, reading -> reading.oldest().toMillis() / 1000.0);
        }
    }

    private void gauge(RouterMetric metric, LaneStatus lane, ToDoubleFunction<Reading> value) {
        String key = LaneStatus.key(lane.pool(), lane.band());
        metrics.gauge(
                metric,
                () -> {
                    Reading reading = readings.get(key);
                    return reading == null ? 0.0 : value.applyAsDouble(reading);
                },
                lane.pool().value(),
                lane.band().wireName());
    }

    private record Reading(LaneStatus status, Duration oldest) {}
}
