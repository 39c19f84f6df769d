package io.penstock.pool;

import io.penstock.pool.client.EngineClient;
import io.penstock.pool.discovery.Change;
import io.penstock.pool.pick.Candidate;
import io.penstock.pool.pick.EndpointPicker;
import io.penstock.pool.pick.Pick;
import io.penstock.topics.id.EndpointId;
import io.penstock.topics.id.ModelName;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// The endpoints that interactive calls go to, which come and go, watched, with the calls of ours that run at each.
/// Thread-safe.
public final class EnginePool implements AutoCloseable {
    private final EngineClient client;
    private final InstantSource clock;
    private final EndpointPicker picker = new EndpointPicker(new Random());
    private final Map<EndpointId, Watched> endpoints = new ConcurrentSkipListMap<>();

    /// A pool without endpoints. `client` stays the caller's to close.
    public EnginePool(EngineClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /// Endpoints have gone, which get no more calls, though what runs there goes on; and come, which get
    /// calls once they are ready.
    public synchronized void changed(Change change) {
        for (Endpoint gone : change.removed()) {
            Watched watched = endpoints.remove(gone.id());
            if (watched != null) {
                watched.monitor.close();
            }
        }
        for (Endpoint come : change.added()) {
            Watched watched = new Watched(come);
            endpoints.put(come.id(), watched);
            watched.monitor.start();
        }
    }

    /// The client to call endpoints of this pool with.
    public EngineClient client() {
        return client;
    }

    /// Every endpoint's state.
    public List<EndpointState> states() {
        return endpoints.values().stream()
                .map(watched -> watched.monitor.state())
                .toList();
    }

    /// Where a call for `model` goes, endpoints in `avoid` left out.
    public synchronized Pick pick(ModelName model, Set<EndpointId> avoid) {
        List<Candidate> candidates = endpoints.values().stream()
                .filter(watched -> !avoid.contains(watched.endpoint.id()))
                .map(Watched::candidate)
                .toList();
        return picker.pick(model, candidates);
    }

    /// Counts a call to `endpoint` from now until the lease is closed; one that has gone since it was
    /// picked counts nothing.
    public synchronized Lease lease(Endpoint endpoint) {
        Watched watched = endpoints.get(endpoint.id());
        if (watched == null) {
            return () -> {};
        }
        Instant sent = clock.instant();
        watched.sent.add(sent);
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.getAndSet(false)) {
                synchronized (this) {
                    watched.sent.remove(sent);
                }
            }
        };
    }

    /// Says that a call could not reach `endpoint`.
    public void unreachable(Endpoint endpoint, String reason) {
        Watched watched = endpoints.get(endpoint.id());
        if (watched != null) {
            watched.monitor.unreachable(reason);
        }
    }

    @Override
    public void close() {
        endpoints.values().forEach(watched -> watched.monitor.close());
    }

    /// A call under way at an endpoint.
    public interface Lease extends AutoCloseable {
        @Override
        void close();
    }

    private final class Watched {
        private final Endpoint endpoint;
        private final EndpointMonitor monitor;
        private final List<Instant> sent = new ArrayList<>();

        private Watched(Endpoint endpoint) {
            this.endpoint = endpoint;
            this.monitor = new EndpointMonitor(new EndpointProbe(endpoint, client), clock, this::isBusy);
        }

        private boolean isBusy() {
            synchronized (EnginePool.this) {
                return !sent.isEmpty();
            }
        }

        private Candidate candidate() {
            EndpointState state = monitor.state();
            EngineLoad load = state.load();
            int since = load == null
                    ? sent.size()
                    : (int) sent.stream()
                            .filter(at -> !at.isBefore(load.takenAt()))
                            .count();
            return new Candidate(state, sent.size(), since);
        }
    }
}
