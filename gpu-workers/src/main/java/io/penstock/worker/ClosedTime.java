package io.penstock.worker;

import io.penstock.pool.kv.Gate;
import io.penstock.service.Metrics;
import io.penstock.topics.id.Band;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Counts how long an endpoint's gate was closed to each band, by what closed it. Guarded by its
/// endpoint's lock.
final class ClosedTime {
    private final String endpoint;
    private final Metrics metrics;
    private @Nullable Instant lookedAt;

    ClosedTime(String endpoint, Metrics metrics) {
        this.endpoint = endpoint;
        this.metrics = metrics;
    }

    /// `gate` is taken to have stood since the last look.
    void look(Gate gate, Instant now) {
        Duration since = lookedAt == null ? Duration.ZERO : Duration.between(lookedAt, now);
        lookedAt = now;
        if (!since.isPositive()) {
            return;
        }
        for (Band band : Band.values()) {
            if (gate.sequences() == 0 || gate.spare().of(band) == 0) {
                metrics.count(
                        WorkerMetric.CLOSED,
                        since.toNanos() / 1e9,
                        endpoint,
                        band.wireName(),
                        gate.signal().name().toLowerCase(Locale.ROOT));
            }
        }
    }
}
