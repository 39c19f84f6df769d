package io.penstock.simulator.http;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A request, read whole.
///
/// @param method for example `POST`
/// @param path without the query, percent-encoding untouched
/// @param headers by lower-case name; repeated ones joined by commas
/// @param body transfer coding removed; owned by the reader of this record
/// @param keepAlive whether the client would send another request on this connection
@SuppressWarnings("ArrayRecordComponent")
public record HttpRequest(String method, String path, Map<String, String> headers, byte[] body, boolean keepAlive) {
    public HttpRequest {
        headers = Map.copyOf(headers);
    }

    /// The value of one header, whatever the case of the name.
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }
}
