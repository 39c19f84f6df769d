package io.penstock.pool;

import io.penstock.pool.metrics.EngineType;
import io.penstock.topics.id.EndpointId;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// One engine: its HTTP address without `/v1`, its type, and where its metrics are (null if it has
/// none). Its id is the address as text.
public record Endpoint(
        EndpointId id,
        URI baseUri,
        EngineType type,
        @Nullable URI metrics) {
    private static final String METRICS = "metrics=";

    /// The endpoint that `address` describes: `http://host:port`, with the engine's type before it unless
    /// it is vLLM (`sglang+http://host:port`), and with the address of its metrics behind it where they are
    /// elsewhere (`…#metrics=http://host:8002/metrics`). A trailing slash or `/v1` is dropped.
    ///
    /// @throws IllegalArgumentException if it is no such address; the message says what is wrong
    public static Endpoint at(URI address) {
        String text = address.toString();
        int fragment = text.indexOf('#');
        String given = fragment < 0 ? "" : text.substring(fragment + 1);
        String base = (fragment < 0 ? text : text.substring(0, fragment))
                .replaceAll("/+$", "")
                .replaceAll("/v1$", "");
        int plus = base.indexOf('+');
        boolean typed = plus > 0 && plus < base.indexOf(':');
        EngineType type = typed ? EngineType.named(base.substring(0, plus)) : EngineType.VLLM;
        String http = typed ? base.substring(plus + 1) : base;
        requireHttp("an engine's address", http, address);
        return new Endpoint(new EndpointId(http), URI.create(http), type, metrics(given, http, type, address));
    }

    private static @Nullable URI metrics(String given, String http, EngineType type, URI address) {
        if (given.isEmpty()) {
            return type.path().isEmpty() ? null : URI.create(http + type.path());
        }
        if (!given.startsWith(METRICS)) {
            throw new IllegalArgumentException("an engine's address may end in #metrics=<address> and nothing else,"
                    + " but was '" + address + "'");
        }
        String metrics = given.substring(METRICS.length());
        requireHttp("the address of an engine's metrics", metrics, address);
        return URI.create(metrics);
    }

    private static void requireHttp(String what, String http, URI address) {
        if (!http.startsWith("http://") && !http.startsWith("https://")) {
            throw new IllegalArgumentException(
                    what + " must start with http:// or https://, but was '" + address + "'");
        }
    }
}
