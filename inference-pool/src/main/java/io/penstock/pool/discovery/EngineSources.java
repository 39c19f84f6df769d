package io.penstock.pool.discovery;

import io.penstock.pool.Endpoint;
import io.penstock.pool.discovery.kubernetes.KubernetesAccess;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Where a program's engines come from, and by which rules they are looked for. `kubernetes` is the way to
/// the cluster, null if no source needs it.
public record EngineSources(
        List<EngineSource> sources,
        DiscoveryRules rules,
        @Nullable KubernetesAccess kubernetes) {
    public EngineSources {
        sources = sources.stream().distinct().toList();
        long named = sources.stream()
                .filter(source -> source instanceof EngineSource.Named)
                .count();
        if (named > rules.endpointsMax()) {
            throw new IllegalArgumentException("engines names " + named + " engines, which is more than the "
                    + rules.endpointsMax() + " of discovery.endpoints.max");
        }
        if (kubernetes == null && sources.stream().anyMatch(source -> source instanceof EngineSource.Pods)) {
            throw new IllegalArgumentException("engines names pods, and there is no way to the Kubernetes API");
        }
    }

    /// The sources that the setting `engines` lists, in the process environment `environment`.
    ///
    /// @throws IllegalArgumentException naming the entry that is wrong and why, or what keeps this process
    /// from the Kubernetes API
    public static EngineSources of(List<String> addresses, DiscoveryRules rules, Map<String, String> environment) {
        List<EngineSource> sources =
                addresses.stream().map(String::strip).map(EngineSource::at).toList();
        boolean cluster = sources.stream().anyMatch(source -> source instanceof EngineSource.Pods);
        return new EngineSources(sources, rules, cluster ? KubernetesAccess.of(rules, environment) : null);
    }

    /// These engines and no others.
    public static EngineSources named(List<Endpoint> endpoints) {
        return new EngineSources(
                endpoints.stream().<EngineSource>map(EngineSource.Named::new).toList(), DiscoveryRules.DEFAULT, null);
    }

    /// True if there are none.
    public boolean isEmpty() {
        return sources.isEmpty();
    }

    /// The sources as they were written, for messages.
    @Override
    public String toString() {
        return sources.stream()
                .map(source -> source instanceof EngineSource.Named(Endpoint endpoint)
                        ? endpoint.id().value()
                        : source.label())
                .collect(Collectors.joining(", "));
    }
}
