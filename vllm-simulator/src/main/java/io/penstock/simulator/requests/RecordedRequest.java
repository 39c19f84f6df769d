package io.penstock.simulator.requests;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One request as it arrived.
public final class RecordedRequest {
    private final long number;
    private final String method;
    private final String path;
    private final Map<String, String> headers;
    private final byte[] body;
    private volatile Outcome outcome = Outcome.RUNNING;
    private volatile int status;

    /// @param number place in the order of arrival, from 0
    /// @param headers by lower-case name
    /// @param body kept without a copy; nobody may change it
    public RecordedRequest(long number, String method, String path, Map<String, String> headers, byte[] body) {
        this.number = number;
        this.method = method;
        this.path = path;
        this.headers = Map.copyOf(headers);
        this.body = body;
    }

    /// Place in the order of arrival, from 0.
    public long number() {
        return number;
    }

    /// The method, for example `POST`.
    public String method() {
        return method;
    }

    /// The path without its query.
    public String path() {
        return path;
    }

    /// Headers by lower-case name; repeated ones joined by commas.
    public Map<String, String> headers() {
        return headers;
    }

    /// The value of one header, whatever the case of the name.
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /// The body as it arrived, transfer coding removed.
    public byte[] body() {
        return body.clone();
    }

    /// The body as UTF-8.
    public String bodyText() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /// What became of it, so far.
    public Outcome outcome() {
        return outcome;
    }

    /// The status it was answered with; 0 while there is none, or when there never was one.
    public int status() {
        return status;
    }

    /// Records the end, just before the last bytes of the answer are sent, so that whoever has the
    /// answer finds it recorded.
    public synchronized void end(Outcome how, int answeredStatus) {
        status = answeredStatus;
        outcome = how;
    }

    /// Records that the answer did not reach the client, whatever was recorded before.
    public synchronized void lost() {
        outcome = Outcome.ABORTED;
    }

    int bytes() {
        return body.length;
    }
}
