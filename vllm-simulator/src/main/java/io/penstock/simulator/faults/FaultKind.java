package io.penstock.simulator.faults;

import java.util.Locale;

/// What can go wrong. The inference routes are the POST routes under `/v1`.
public enum FaultKind {
    /// A new connection is reset as soon as it is accepted. Counted per connection.
    RESET_CONNECTION,
    /// An inference request is read, then its connection is reset. Counted per request; the request
    /// never runs.
    RESET_BEFORE_RESPONSE,
    /// An inference answer is reset half way: a stream after two tokens, a plain answer after half of
    /// its body.
    RESET_MID_RESPONSE,
    /// An inference answer stops half way, and goes on only when the faults are cleared. Counted per
    /// request.
    STALL_MID_RESPONSE,
    /// `/metrics` and the load header repeat what they said when this was armed. Counted per scrape.
    FROZEN_METRICS,
    /// Gauges are not updated when aborts leave the engine without work: after a mass cancellation they
    /// stay high until the next request, as in vllm issue 29928. Lasts until disarmed or cleared; a
    /// count does not run out.
    STUCK_GAUGES,
    /// `/metrics` and the load header lack the KV cache's usage. Counted per scrape.
    NO_KV_METRIC,
    /// `/metrics` is empty, the load header absent. Counted per scrape.
    NO_METRICS;

    /// The name in JSON, for example `reset_mid_response`.
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
