package io.penstock.pool;

import io.penstock.pool.metrics.EngineType;
import io.penstock.topics.id.EndpointId;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// One engine: its HTTP address without `/v1`, its type, and where its metrics are (null if it has
/// none). Its id is the address as text, or, where discovery found it, what that calls it.
public record Endpoint(
        EndpointId id,
        URI baseUri,
        EngineType type,
        @Nullable URI metrics) {
    /// The endpoint that `address` describes: `http://host:port`, with the engine's type before it unless
    /// it is vLLM (`sglang+http://host:port`), and with the address of its metrics behind it where they are
    /// elsewhere (`…#metrics=http://host:8002/metrics`). A trailing slash or `/v1` is dropped.
    ///
    /// @throws IllegalArgumentException if it is no such address; the message says what is wrong
    public static Endpoint at(URI address) {
        String text = address.toString();
        EngineAddress taken = EngineAddress.of(text);
        String http = base(taken.location());
        EngineAddress.requireHttp("an engine's address", http, text);
        return taken.endpoint(new EndpointId(http), http);
    }

    /// `address` without what clients put behind it.
    public static String base(String address) {
        return address.replaceAll("/+$", "").replaceAll("/v1$", "");
    }
}
