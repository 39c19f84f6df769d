package io.penstock.router.batches;

import io.penstock.router.batches.input.InputLimits;

/// What may be set of the batches topology: what an input may hold, and how fast it is worked off.
public record BatchesConfig(InputLimits limits, Pace pace) {
    /// OpenAI's limits at the usual pace.
    public static final BatchesConfig DEFAULT = new BatchesConfig(InputLimits.DEFAULT, Pace.DEFAULT);
}
