package io.penstock.ingest.hold;

/// Why a call is not served, in the words of `x-llm-d-request-dropped-reason`.
public enum DropReason {
    /// The endpoints are full, and the call may not wait: it is sheddable, or its band's hold is full.
    SATURATED("rejected-saturated"),
    /// No endpoint that serves the model is ready, and the call may not wait any longer for one.
    NO_ENDPOINTS("rejected-no-endpoints"),
    /// It waited for room as long as it may.
    TTL_EXPIRED("rejected-ttl-expired"),
    /// The client left.
    CONTEXT_CANCELLED("rejected-context-cancelled"),
    /// The server is stopping.
    SHUTTING_DOWN("rejected-shutting-down");

    private final String wireName;

    DropReason(String wireName) {
        this.wireName = wireName;
    }

    /// The header's value.
    public String wireName() {
        return wireName;
    }
}
