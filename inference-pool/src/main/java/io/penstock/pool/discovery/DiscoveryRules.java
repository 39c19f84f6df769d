package io.penstock.pool.discovery;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How engines are looked for: how many there may be at most, how often DNS names are resolved, and where
/// the Kubernetes API is (null for the cluster this process runs in).
public record DiscoveryRules(
        int endpointsMax, Duration dnsEvery, @Nullable URI kubernetes) {
    /// 256 endpoints; every 5 s; this cluster.
    public static final DiscoveryRules DEFAULT = new DiscoveryRules(256, Duration.ofSeconds(5), null);

    /// No more than this can be set: each endpoint is asked for its load four times a second.
    public static final int ENDPOINTS_MAX = 1024;

    public DiscoveryRules {
        if (endpointsMax < 1 || endpointsMax > ENDPOINTS_MAX) {
            throw new IllegalArgumentException(
                    "discovery.endpoints.max must be 1 to " + ENDPOINTS_MAX + ", but was " + endpointsMax);
        }
        if (dnsEvery.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException("discovery.dns.ms must be at least 100, but was " + dnsEvery.toMillis());
        }
        if (kubernetes != null
                && (kubernetes.getHost() == null
                        || !String.valueOf(kubernetes.getScheme()).matches("https?"))) {
            throw new IllegalArgumentException(
                    "discovery.kubernetes.url must be an http:// or https:// address, but was '" + kubernetes + "'");
        }
    }
}
