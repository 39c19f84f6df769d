package io.penstock.pool;

import io.penstock.pool.metrics.EngineType;
import io.penstock.topics.id.EndpointId;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// An address of the setting `engines` taken apart: `[type+]location[#metrics=where]`. Without a type it
/// is vLLM's. `metrics` is `http://host:port/path`, or `:port/path` for a port of the engine's own host;
/// null for where its type has them.
public record EngineAddress(
        EngineType type, String location, @Nullable String metrics) {
    private static final String METRICS = "metrics=";

    /// Takes `address` apart; what its location means is not looked at.
    ///
    /// @throws IllegalArgumentException if the type is unknown, or what follows `#` is not where metrics are
    public static EngineAddress of(String address) {
        int fragment = address.indexOf('#');
        String base = fragment < 0 ? address : address.substring(0, fragment);
        int plus = base.indexOf('+');
        boolean typed = plus > 0 && plus < base.indexOf(':') && !base.startsWith("dns+");
        return new EngineAddress(
                typed ? EngineType.named(base.substring(0, plus)) : EngineType.VLLM,
                typed ? base.substring(plus + 1) : base,
                fragment < 0 ? null : metrics(address.substring(fragment + 1), address));
    }

    private static String metrics(String given, String address) {
        if (!given.startsWith(METRICS)) {
            throw new IllegalArgumentException("an engine's address may end in #metrics=<address> and nothing else,"
                    + " but was '" + address + "'");
        }
        String metrics = given.substring(METRICS.length());
        if (!metrics.matches(":\\d{1,5}(/.*)?")) {
            requireHttp("the address of an engine's metrics", metrics, address);
        }
        return metrics;
    }

    static void requireHttp(String what, String http, String address) {
        if (!http.startsWith("http://") && !http.startsWith("https://")) {
            throw new IllegalArgumentException(
                    what + " must start with http:// or https://, but was '" + address + "'");
        }
    }

    /// The same for an engine of another type.
    public EngineAddress as(EngineType other) {
        return new EngineAddress(other, location, metrics);
    }

    /// The endpoint called `id` at `http`, with this address's type and metrics.
    public Endpoint endpoint(EndpointId id, String http) {
        return new Endpoint(id, URI.create(http), type, metricsOf(http));
    }

    private @Nullable URI metricsOf(String http) {
        if (metrics == null) {
            return type.path().isEmpty() ? null : URI.create(http + type.path());
        }
        if (!metrics.startsWith(":")) {
            return URI.create(metrics);
        }
        URI engine = URI.create(http);
        return URI.create(engine.getScheme() + "://" + engine.getHost() + metrics);
    }
}
