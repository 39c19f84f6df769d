package io.penstock.ingest.hold;

import io.penstock.pool.pick.PickCall;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.EndpointId;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A call as the hold sees it: what it takes to place it, endpoints it must not go to, its band and flow,
/// the bytes of its body, and how long its client lets it wait (null: as long as the limits say).
public record HoldRequest(
        PickCall call,
        Set<EndpointId> avoid,
        Band band,
        Flow flow,
        long bytes,
        @Nullable Duration patience) {
    public HoldRequest {
        avoid = Set.copyOf(avoid);
    }

    /// The same call, to go elsewhere than to `endpoint`.
    public HoldRequest avoiding(EndpointId endpoint) {
        Set<EndpointId> more = new HashSet<>(avoid);
        more.add(endpoint);
        return new HoldRequest(call, more, band, flow, bytes, patience);
    }

    /// The same call, `spent` later: its client lets it wait that much less.
    public HoldRequest after(Duration spent) {
        if (patience == null) {
            return this;
        }
        Duration left = patience.compareTo(spent) > 0 ? patience.minus(spent) : Duration.ZERO;
        return new HoldRequest(call, avoid, band, flow, bytes, left);
    }
}
