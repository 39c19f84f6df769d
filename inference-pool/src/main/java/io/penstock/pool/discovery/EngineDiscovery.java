package io.penstock.pool.discovery;

import io.penstock.pool.Endpoint;
import io.penstock.pool.discovery.kubernetes.KubernetesApi;
import io.penstock.pool.discovery.kubernetes.PodDiscovery;
import io.penstock.pool.discovery.kubernetes.PoolDiscovery;
import io.penstock.topics.id.EndpointId;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All sources of a program's engines together: brings what they say into one roster, and tells its
/// listener what changes. A trouble is logged when it begins and when it is over. Thread-safe.
public final class EngineDiscovery implements Discovery {
    private static final Logger LOG = LoggerFactory.getLogger(EngineDiscovery.class);

    private final EngineSources sources;
    private final DiscoveryListener listener;
    private final Roster roster;
    private final @Nullable KubernetesApi kubernetes;
    private final List<Discovery> parts;
    private boolean closed;

    /// Discovery from `sources` by this machine's resolver.
    ///
    /// @throws IllegalArgumentException if the way to the Kubernetes API is barred from the start
    public EngineDiscovery(EngineSources sources, DiscoveryListener listener) {
        this(sources, listener, InetAddress::getAllByName);
    }

    /// The same by another `resolver`.
    public EngineDiscovery(EngineSources sources, DiscoveryListener listener, Resolver resolver) {
        this.sources = sources;
        this.listener = listener;
        this.roster = new Roster(sources.rules().endpointsMax());
        this.kubernetes = sources.kubernetes() == null ? null : new KubernetesApi(sources.kubernetes());
        this.parts =
                sources.sources().stream().map(source -> part(source, resolver)).toList();
    }

    private Discovery part(EngineSource source, Resolver resolver) {
        Report report = new Report(source);
        return switch (source) {
            case EngineSource.Named(Endpoint endpoint) -> new NamedDiscovery(endpoint, report);
            case EngineSource.Dns dns ->
                new DnsDiscovery(dns, resolver, sources.rules().dnsEvery(), report);
            case EngineSource.Pods pods -> {
                KubernetesApi api = Objects.requireNonNull(kubernetes, "kubernetes");
                yield switch (pods.which()) {
                    case EngineSource.Which.Selected selected -> new PodDiscovery(api, pods, selected, report);
                    case EngineSource.Which.OfPool pool -> new PoolDiscovery(api, pods, pool, report);
                };
            }
        };
    }

    @Override
    public void start() {
        parts.forEach(Discovery::start);
    }

    @Override
    public void close() {
        synchronized (roster) {
            closed = true;
        }
        parts.forEach(Discovery::close);
        if (kubernetes != null) {
            kubernetes.close();
        }
    }

    /// Where engines are looked for.
    public EngineSources sources() {
        return sources;
    }

    /// The endpoints that came from sources called `label`.
    public Set<EndpointId> known(String label) {
        synchronized (roster) {
            return Set.copyOf(sources.sources().stream()
                    .filter(source -> source.label().equals(label))
                    .flatMap(source -> roster.of(source).stream())
                    .toList());
        }
    }

    /// Endpoints of sources called `label` that are left out because there are too many.
    public int refused(String label) {
        synchronized (roster) {
            return sources.sources().stream()
                    .filter(source -> source.label().equals(label))
                    .mapToInt(roster::refused)
                    .sum();
        }
    }

    private final class Report implements SourceReport {
        private final EngineSource source;
        private boolean troubled;
        private boolean refuses;

        private Report(EngineSource source) {
            this.source = source;
        }

        @Override
        public void found(List<Endpoint> endpoints) {
            synchronized (roster) {
                if (troubled) {
                    LOG.atInfo().addKeyValue("source", source.label()).log("engines are found again");
                }
                troubled = false;
                take(endpoints);
            }
        }

        @Override
        public void none(String reason) {
            synchronized (roster) {
                take(List.of());
                trouble(reason, "there are no engines here");
            }
        }

        @Override
        public void failed(String reason) {
            synchronized (roster) {
                if (!closed) {
                    listener.failed(source);
                    trouble(reason, "engines cannot be looked for; those known are kept");
                }
            }
        }

        private void trouble(String reason, String what) {
            if (!troubled && !closed) {
                LOG.atWarn()
                        .addKeyValue("source", source.label())
                        .addKeyValue("reason", reason)
                        .addKeyValue("known", roster.of(source).size())
                        .log(what);
            }
            troubled = true;
        }

        private void take(List<Endpoint> endpoints) {
            if (closed) {
                return;
            }
            Change change = roster.say(source, endpoints);
            int refused = roster.refused(source);
            if (refused > 0 && !refuses) {
                LOG.atError()
                        .addKeyValue("source", source.label())
                        .addKeyValue("refused", refused)
                        .addKeyValue("limit", sources.rules().endpointsMax())
                        .addKeyValue("setting", "discovery.endpoints.max")
                        .log("there are more engines than may be used; the rest is refused");
            }
            refuses = refused > 0;
            if (!change.isEmpty()) {
                LOG.atInfo()
                        .addKeyValue("source", source.label())
                        .addKeyValue("removed", ids(change.removed()))
                        .addKeyValue("added", ids(change.added()))
                        .log("engines have come or gone");
                listener.changed(change);
            }
        }

        private static List<EndpointId> ids(List<Endpoint> endpoints) {
            return endpoints.stream().map(Endpoint::id).toList();
        }
    }
}
