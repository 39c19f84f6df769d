package io.penstock.pool.discovery.kubernetes;

import io.penstock.pool.discovery.Discovery;
import io.penstock.pool.discovery.EngineSource;
import io.penstock.pool.discovery.PodPorts;
import io.penstock.pool.discovery.SourceReport;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Engines as the pods of an InferencePool: follows the pool, and the pods that it selects. When its
/// selector changes, those of the old one stay until those of the new one are known.
public final class PoolDiscovery implements Discovery {
    private final KubernetesApi api;
    private final EngineSource.Pods source;
    private final String name;
    private final SourceReport report;
    private final Informer<InferencePool> pools;
    private @Nullable InferencePool pool;
    private @Nullable Informer<Pod> watching;
    private @Nullable Collection<Pod> pods;
    private boolean closed;

    public PoolDiscovery(
            KubernetesApi api, EngineSource.Pods source, EngineSource.Which.OfPool which, SourceReport report) {
        this.api = api;
        this.source = source;
        this.name = which.name();
        this.report = report;
        Listing listing = Listing.inferencePool(PodDiscovery.namespace(api, source), name);
        this.pools = new Informer<>(api, listing, InferencePool::read, new OfPool(), new Random());
    }

    @Override
    public void start() {
        pools.start();
    }

    @Override
    public void close() {
        pools.close();
        synchronized (this) {
            closed = true;
            unwatch();
        }
    }

    private synchronized void follow(@Nullable InferencePool next) {
        if (closed) {
            return;
        }
        InferencePool before = pool;
        pool = next;
        if (next == null || !next.problem().isEmpty()) {
            unwatch();
            report.none(
                    next == null
                            ? "there is no InferencePool " + name
                            : "the InferencePool " + name + " cannot be used: " + next.problem());
        } else if (watching == null || before == null || !before.selector().equals(next.selector())) {
            unwatch();
            watching = PodDiscovery.informer(api, source, next.selector(), new OfPods(next.selector()));
            watching.start();
        } else {
            tell(next);
        }
    }

    private void unwatch() {
        if (watching != null) {
            watching.close();
        }
        watching = null;
        pods = null;
    }

    private void tell(InferencePool of) {
        if (pods != null) {
            report.found(PodDiscovery.endpoints(source, new PodPorts(of.ports()), pods));
        }
    }

    private final class OfPool implements Informer.Heard<InferencePool> {
        @Override
        public void objects(Collection<InferencePool> all) {
            follow(all.stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElse(null));
        }

        @Override
        public void failed(String reason) {
            report.failed(reason);
        }
    }

    /// Hears of the pods of one selector, until another has taken its place.
    private final class OfPods implements Informer.Heard<Pod> {
        private final String selector;

        private OfPods(String selector) {
            this.selector = selector;
        }

        @Override
        public void objects(Collection<Pod> all) {
            synchronized (PoolDiscovery.this) {
                if (pool != null && watching != null && pool.selector().equals(selector)) {
                    pods = List.copyOf(all);
                    tell(pool);
                }
            }
        }

        @Override
        public void failed(String reason) {
            report.failed(reason);
        }
    }
}
