package io.penstock.topics.record;

import java.time.Instant;

/// When a batch is expected to be done: `cost` fair-share tokens are left of it, and at the rate last
/// observed it ends at `finishesAt`. `atRisk` if that is after its deadline.
public record Estimate(long cost, Instant finishesAt, boolean atRisk) {}
