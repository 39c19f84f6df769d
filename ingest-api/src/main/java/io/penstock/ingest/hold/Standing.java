package io.penstock.ingest.hold;

import io.penstock.pool.Placement;

/// How it stands with a call.
public sealed interface Standing {
    /// It waits.
    record Waiting(HeldCall call) implements Standing {}

    /// It waits no more, or never did.
    sealed interface Settled extends Standing {}

    /// It goes to an endpoint. Whoever gets this closes the lease.
    record Placed(Placement.At at) implements Settled {}

    /// It is not served.
    record Dropped(DropReason reason) implements Settled {}

    /// Nobody serves its model.
    record UnknownModel() implements Settled {}
}
