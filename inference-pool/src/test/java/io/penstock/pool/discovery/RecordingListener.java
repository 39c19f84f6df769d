package io.penstock.pool.discovery;

import io.penstock.pool.Endpoint;
import io.penstock.topics.id.EndpointId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Keeps what discovery has told, as its users do.
public final class RecordingListener implements DiscoveryListener {
    private final Map<EndpointId, Endpoint> endpoints = new TreeMap<>();
    private final AtomicInteger failures = new AtomicInteger();

    @Override
    public synchronized void changed(Change change) {
        change.removed().forEach(gone -> endpoints.remove(gone.id()));
        change.added().forEach(come -> endpoints.put(come.id(), come));
    }

    @Override
    public void failed(EngineSource source) {
        failures.incrementAndGet();
    }

    /// The addresses of the endpoints there are, in the order of their names.
    public synchronized List<String> addresses() {
        return endpoints.values().stream()
                .map(endpoint -> endpoint.baseUri().toString())
                .toList();
    }

    /// The endpoints there are, in the order of their names.
    public synchronized List<Endpoint> endpoints() {
        return List.copyOf(endpoints.values());
    }

    /// How often a source could not be asked.
    public int failures() {
        return failures.get();
    }
}
