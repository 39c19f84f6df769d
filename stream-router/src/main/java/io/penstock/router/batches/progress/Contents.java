package io.penstock.router.batches.progress;

import io.penstock.router.batches.input.PoolCost;
import java.util.List;

/// What a batch's input holds: `lines` physical lines, `requests` of which it runs, and what these are
/// expected to cost each pool.
public record Contents(int lines, int requests, List<PoolCost> costs) {
    /// Nothing, or not known yet.
    public static final Contents NONE = new Contents(0, 0, List.of());

    public Contents {
        costs = List.copyOf(costs);
    }
}
