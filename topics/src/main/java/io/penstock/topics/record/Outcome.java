package io.penstock.topics.record;

import io.penstock.topics.id.RequestId;

/// A worker's report on ticket `ticket`: what became of request `id` in its `epoch`-th assignment.
/// Every outcome carries the puller's next `pull`, which already counts the room this one has given
/// back.
public record Outcome(RequestId id, int epoch, long ticket, Verdict verdict, Pull pull) {}
