package io.penstock.pool.pick;

import io.penstock.pool.EndpointState;
import java.time.Instant;

/// An endpoint as the picker sees it: its state; the calls of ours that run there, and those of them
/// sent since its last account of itself; since when its gauges have not moved; and the share of the
/// call's prompt, 0 to 1, that it was sent before.
public record Candidate(
        EndpointState state, int inFlight, int sentSinceLoad, Instant steadySince, double promptShare) {}
