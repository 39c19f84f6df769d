package io.penstock.pool.pick;

import io.penstock.pool.EndpointState;

/// An endpoint as the picker sees it: its state, the calls of ours that run there, and those of them
/// sent since its last account of itself.
public record Candidate(EndpointState state, int inFlight, int sentSinceLoad) {}
