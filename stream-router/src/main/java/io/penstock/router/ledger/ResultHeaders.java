package io.penstock.router.ledger;

import io.penstock.topics.catalogue.Headers;
import io.penstock.topics.catalogue.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// The headers of a result: how it ended, what it took, and the request's correlation headers as they
/// came.
final class ResultHeaders {
    private ResultHeaders() {}

    static RecordHeaders of(Emit.ResultLine result) {
        RecordHeaders headers = new RecordHeaders();
        result.echo()
                .forEach((name, value) -> headers.add(name, Base64.getDecoder().decode(value)));
        headers.add(Headers.END, utf8(result.end().wireName()));
        headers.add(Headers.ATTEMPTS, utf8(Integer.toString(result.attempts())));
        if (result.usage() != null) {
            headers.add(Headers.USAGE, Json.MAPPER.writeValueAsBytes(result.usage()));
        }
        return headers;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
