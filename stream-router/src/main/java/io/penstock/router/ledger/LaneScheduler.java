package io.penstock.router.ledger;

import org.jspecify.annotations.Nullable;

/// Decides which pending request a puller gets next.
interface LaneScheduler {
    /// The request that `puller` should get now, or null if none may go to it. The caller assigns it
    /// and asks again.
    @Nullable
    LaneEntry next(Lanes lanes, PullerAccount puller);
}
