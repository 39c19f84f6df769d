package io.penstock.simulator.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// A response with a known body. `Content-Length` and `Connection` are added when it is sent.
///
/// @param status 200 to 599
/// @param headers in the order they are sent
/// @param body may be empty
@SuppressWarnings("ArrayRecordComponent")
public record HttpResponse(int status, Map<String, String> headers, byte[] body) {
    /// A response of JSON text.
    public static HttpResponse json(int status, String text) {
        return of(status, "application/json", text);
    }

    /// A response of UTF-8 text.
    public static HttpResponse of(int status, String contentType, String text) {
        return new HttpResponse(status, Map.of("Content-Type", contentType), text.getBytes(StandardCharsets.UTF_8));
    }

    /// The same response with one more header.
    public HttpResponse with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpResponse(status, more, body);
    }
}
