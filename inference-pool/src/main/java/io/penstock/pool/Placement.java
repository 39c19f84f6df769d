package io.penstock.pool;

import io.penstock.pool.pick.Pick;

/// What became of a call that was to be placed at an endpoint.
public sealed interface Placement {
    /// It goes to `endpoint`, which was sent the share `promptShare` (0 to 1) of its prompt before, and
    /// counts there until `lease` is closed.
    record At(Endpoint endpoint, double promptShare, EnginePool.Lease lease) implements Placement {}

    /// It goes nowhere now, and why.
    record Nowhere(Pick.Nowhere why) implements Placement {}
}
