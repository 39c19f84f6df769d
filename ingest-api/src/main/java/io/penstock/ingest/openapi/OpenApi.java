package io.penstock.ingest.openapi;

import io.penstock.ingest.http.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/// `/v1/openapi.json`: every operation of the API, its fields and its errors, as an OpenAPI 3.1 document. It
/// tells nothing of a tenant, so it needs no API key.
public final class OpenApi {
    private final byte[] document = document();

    public void register(Routes routes) {
        routes.on("GET", "/openapi.json", (exchange, _) -> exchange.respond(200, "application/json", document));
    }

    /// The document, as JSON.
    public static byte[] document() {
        try (InputStream in = Objects.requireNonNull(OpenApi.class.getResourceAsStream("openapi.json"))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
