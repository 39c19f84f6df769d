package io.penstock.ingest;

import io.penstock.pool.EndpointState;
import io.penstock.pool.EnginePool;
import io.penstock.pool.discovery.Change;
import io.penstock.pool.discovery.DiscoveryListener;
import io.penstock.pool.discovery.EngineDiscovery;
import io.penstock.pool.discovery.EngineSource;
import io.penstock.service.Metrics;
import io.penstock.topics.id.EndpointId;
import java.util.Set;

/// Takes what discovery says to the engines of interactive calls, and shows it.
record IngestDiscovery(EnginePool pool, Metrics metrics) implements DiscoveryListener {
    /// Shows how many endpoints `discovery` has found, and how many of them are ready.
    static void register(EngineDiscovery discovery, EnginePool pool, Metrics metrics) {
        discovery.sources().sources().stream()
                .map(EngineSource::label)
                .distinct()
                .forEach(source -> {
                    metrics.gauge(
                            IngestMetric.ENDPOINTS_KNOWN,
                            () -> discovery.known(source).size(),
                            source);
                    metrics.gauge(IngestMetric.ENDPOINTS_READY, () -> ready(pool, discovery.known(source)), source);
                    metrics.gauge(IngestMetric.ENDPOINTS_REFUSED, () -> discovery.refused(source), source);
                    metrics.count(IngestMetric.DISCOVERY_FAILURES, 0, source);
                });
    }

    private static long ready(EnginePool pool, Set<EndpointId> known) {
        return pool.states().stream()
                .filter(EndpointState::isReady)
                .filter(state -> known.contains(state.endpoint().id()))
                .count();
    }

    @Override
    public void changed(Change change) {
        pool.changed(change);
    }

    @Override
    public void failed(EngineSource source) {
        metrics.count(IngestMetric.DISCOVERY_FAILURES, source.label());
    }
}
