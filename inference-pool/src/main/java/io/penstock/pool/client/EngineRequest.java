package io.penstock.pool.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// A call to an engine: a POST of `body` (JSON), or a GET if it is empty. `timeout` bounds the whole
/// call, the reading of its answer included; zero is no bound.
@SuppressWarnings("ArrayRecordComponent") // bodies reach megabytes and are passed on as they came
public record EngineRequest(String path, Map<String, String> headers, byte[] body, Duration timeout) {
    private static final byte[] NO_BODY = new byte[0];

    public EngineRequest {
        headers = Map.copyOf(headers);
    }

    /// The same with one more header.
    public EngineRequest with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new EngineRequest(path, more, body, timeout);
    }

    /// A GET.
    public static EngineRequest get(String path, Duration timeout) {
        return new EngineRequest(path, Map.of(), NO_BODY, timeout);
    }
}
