package io.penstock.simulator.requests;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/// The last requests that arrived at the inference routes, at most 10,000 of them and 256 MiB of
/// bodies. Thread-safe.
public final class RequestLog {
    private static final int MAX_REQUESTS = 10_000;
    private static final long MAX_BODY_BYTES = 256L << 20;

    private final Deque<RecordedRequest> requests = new ArrayDeque<>();
    private long arrivals;
    private long bodyBytes;

    /// Notes an arrival, and forgets the oldest one if there is no room.
    public synchronized RecordedRequest arrived(String method, String path, Map<String, String> headers, byte[] body) {
        RecordedRequest request = new RecordedRequest(arrivals++, method, path, headers, body);
        requests.addLast(request);
        bodyBytes += body.length;
        while (requests.size() > MAX_REQUESTS || (bodyBytes > MAX_BODY_BYTES && requests.size() > 1)) {
            bodyBytes -= requests.removeFirst().bytes();
        }
        return request;
    }

    /// The requests still remembered, oldest first.
    public synchronized List<RecordedRequest> all() {
        return List.copyOf(requests);
    }

    /// The remembered requests with this outcome, oldest first.
    public List<RecordedRequest> with(Outcome outcome) {
        return all().stream().filter(request -> request.outcome() == outcome).toList();
    }

    /// How many arrived since the start, forgotten ones included.
    public synchronized long arrivals() {
        return arrivals;
    }

    /// Forgets the requests; the count of arrivals goes on.
    public synchronized void clear() {
        requests.clear();
        bodyBytes = 0;
    }
}
