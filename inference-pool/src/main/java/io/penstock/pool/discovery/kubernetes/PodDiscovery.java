package io.penstock.pool.discovery.kubernetes;

import io.penstock.pool.Endpoint;
import io.penstock.pool.discovery.Discovery;
import io.penstock.pool.discovery.EngineSource;
import io.penstock.pool.discovery.PodPorts;
import io.penstock.pool.discovery.SourceReport;
import java.util.Collection;
import java.util.List;
import java.util.Random;

/// Engines as pods that a label selector picks.
public final class PodDiscovery implements Discovery {
    private final Informer<Pod> pods;

    public PodDiscovery(
            KubernetesApi api, EngineSource.Pods source, EngineSource.Which.Selected selected, SourceReport report) {
        this.pods = informer(api, source, selected.selector(), new Informer.Heard<>() {
            @Override
            public void objects(Collection<Pod> all) {
                report.found(endpoints(source, selected.ports(), all));
            }

            @Override
            public void failed(String reason) {
                report.failed(reason);
            }
        });
    }

    static Informer<Pod> informer(
            KubernetesApi api, EngineSource.Pods source, String selector, Informer.Heard<Pod> heard) {
        return new Informer<>(api, Listing.pods(namespace(api, source), selector), Pod::read, heard, new Random());
    }

    static String namespace(KubernetesApi api, EngineSource.Pods source) {
        return source.namespace() == null ? api.namespace() : source.namespace();
    }

    static List<Endpoint> endpoints(EngineSource.Pods source, PodPorts ports, Collection<Pod> pods) {
        return pods.stream()
                .flatMap(pod -> pod.endpoints(source, ports).stream())
                .toList();
    }

    @Override
    public void start() {
        pods.start();
    }

    @Override
    public void close() {
        pods.close();
    }
}
