package io.penstock.worker;

import io.penstock.pool.discovery.Change;
import io.penstock.pool.discovery.DiscoveryListener;
import io.penstock.pool.discovery.EngineDiscovery;
import io.penstock.pool.discovery.EngineSource;
import io.penstock.service.Metrics;
import io.penstock.topics.id.EndpointId;

/// Takes what discovery says to the endpoints of a worker, and shows it.
record WorkerDiscovery(DrivenEndpoints endpoints, Metrics metrics) implements DiscoveryListener {
    /// Shows how many endpoints `discovery` has found, and how many of them are ready.
    static void register(EngineDiscovery discovery, DrivenEndpoints endpoints, Metrics metrics) {
        discovery.sources().sources().stream()
                .map(EngineSource::label)
                .distinct()
                .forEach(source -> {
                    metrics.gauge(
                            WorkerMetric.ENDPOINTS_KNOWN,
                            () -> discovery.known(source).size(),
                            source);
                    metrics.gauge(
                            WorkerMetric.ENDPOINTS_READY,
                            () -> discovery.known(source).stream()
                                    .filter(id -> isReady(endpoints, id))
                                    .count(),
                            source);
                    metrics.gauge(WorkerMetric.ENDPOINTS_REFUSED, () -> discovery.refused(source), source);
                    metrics.count(WorkerMetric.DISCOVERY_FAILURES, 0, source);
                });
    }

    private static boolean isReady(DrivenEndpoints endpoints, EndpointId id) {
        EndpointWorker endpoint = endpoints.find(id);
        return endpoint != null && endpoint.state().isReady();
    }

    @Override
    public void changed(Change change) {
        endpoints.changed(change);
    }

    @Override
    public void failed(EngineSource source) {
        metrics.count(WorkerMetric.DISCOVERY_FAILURES, source.label());
    }
}
