package io.penstock.router.batches;

import io.penstock.router.batches.input.InputLimits;
import io.penstock.router.batches.progress.Feasibility;
import io.penstock.router.collect.CollectPolicy;

/// What may be set of the batches topology: what an input may hold, how fast it is worked off, whether
/// batches are refused that would miss their window, and when dead blobs are collected.
public record BatchesConfig(InputLimits limits, Pace pace, Feasibility feasibility, CollectPolicy collection) {
    /// OpenAI's limits at the usual pace; nothing is refused.
    public static final BatchesConfig DEFAULT =
            new BatchesConfig(InputLimits.DEFAULT, Pace.DEFAULT, Feasibility.DEFAULT);

    /// Dead blobs are collected as usual.
    public BatchesConfig(InputLimits limits, Pace pace, Feasibility feasibility) {
        this(limits, pace, feasibility, CollectPolicy.DEFAULT);
    }

    /// The same, with another collection of dead blobs.
    public BatchesConfig collecting(CollectPolicy policy) {
        return new BatchesConfig(limits, pace, feasibility, policy);
    }
}
