package io.penstock.router.batches;

import io.penstock.router.batches.input.InputLimits;
import io.penstock.router.batches.progress.Feasibility;

/// What may be set of the batches topology: what an input may hold, how fast it is worked off, and
/// whether batches are refused that would miss their window.
public record BatchesConfig(InputLimits limits, Pace pace, Feasibility feasibility) {
    /// OpenAI's limits at the usual pace; nothing is refused.
    public static final BatchesConfig DEFAULT =
            new BatchesConfig(InputLimits.DEFAULT, Pace.DEFAULT, Feasibility.DEFAULT);
}
