package io.penstock.pool.pick;

import java.time.Instant;

/// The calls of ours at an endpoint: those under way, those of them sent since its last account of itself, and those
/// that await the first word of a stream; and when the last one was sent there, `Instant.MIN` if none ever was.
public record OurCalls(int inFlight, int sentSinceLoad, int awaiting, Instant lastSent) {
    /// None there, nor ever before.
    public static final OurCalls NONE = new OurCalls(0, 0, 0, Instant.MIN);
}
