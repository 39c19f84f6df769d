package io.penstock.pool.pick;

import io.penstock.pool.EndpointState;
import java.time.Instant;

/// An endpoint as the picker sees it: its state; the calls of ours there; since when its gauges have not moved; and the
/// share of the call's prompt, 0 to 1, that it was sent before.
public record Candidate(EndpointState state, OurCalls ours, Instant steadySince, double promptShare) {}
