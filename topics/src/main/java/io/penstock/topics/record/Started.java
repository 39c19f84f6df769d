package io.penstock.topics.record;

import java.time.Instant;

/// A worker has got a request whose answer is asked for later, for the first time.
public record Started(Instant at) {}
