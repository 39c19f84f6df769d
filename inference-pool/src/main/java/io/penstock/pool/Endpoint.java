package io.penstock.pool;

import io.penstock.topics.id.EndpointId;
import java.net.URI;

/// One engine's HTTP address, without `/v1`; its id is the address as text.
public record Endpoint(EndpointId id, URI baseUri) {
    /// The endpoint at `baseUri`; a trailing slash or `/v1` is dropped.
    public static Endpoint at(URI baseUri) {
        String text = baseUri.toString().replaceAll("/+$", "").replaceAll("/v1$", "");
        if (!text.startsWith("http://") && !text.startsWith("https://")) {
            throw new IllegalArgumentException(
                    "an engine's address must start with http:// or https://, but was '" + baseUri + "'");
        }
        return new Endpoint(new EndpointId(text), URI.create(text));
    }
}
