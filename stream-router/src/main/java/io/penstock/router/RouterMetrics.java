package io.penstock.router;

import io.penstock.router.ledger.LedgerCount;
import io.penstock.router.ledger.LedgerMetrics;
import io.penstock.service.Metrics;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.PoolName;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Shows the ledger's numbers in a program's metrics. Thread-safe: every task of every stream thread
/// reports here.
public final class RouterMetrics implements LedgerMetrics {
    private final Metrics metrics;
    private final Map<Lane, Reading> readings = new ConcurrentHashMap<>();

    public RouterMetrics(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void count(LedgerCount what, long by) {
        metrics.count(RouterMetric.of(what), (double) by);
    }

    @Override
    public void lane(PoolName pool, Band band, long depth, Duration oldest) {
        Lane lane = new Lane(pool, band);
        if (readings.put(lane, new Reading(depth, oldest)) == null) {
            metrics.gauge(RouterMetric.LANE_DEPTH, () -> reading(lane).depth(), pool.value(), band.wireName());
            metrics.gauge(
                    RouterMetric.LANE_OLDEST,
                    () -> reading(lane).oldest().toMillis() / 1000.0,
                    pool.value(),
                    band.wireName());
        }
    }

    private Reading reading(Lane lane) {
        return readings.getOrDefault(lane, new Reading(0, Duration.ZERO));
    }

    private record Lane(PoolName pool, Band band) {}

    private record Reading(long depth, Duration oldest) {}
}
