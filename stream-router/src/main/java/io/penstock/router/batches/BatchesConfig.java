package io.penstock.router.batches;

import io.penstock.router.batches.input.InputLimits;
import io.penstock.router.batches.progress.Feasibility;
import io.penstock.router.collect.CollectPolicy;
import java.time.Duration;

/// What may be set of the batches topology: what an input may hold, how fast it is worked off, whether
/// batches are refused that would miss their window, when dead blobs are collected, and how long responses
/// are kept after their end.
public record BatchesConfig(
        InputLimits limits, Pace pace, Feasibility feasibility, CollectPolicy collection, Duration responsesKept) {
    /// As long as the results topic keeps answers.
    public static final Duration RESPONSES_KEPT = Duration.ofDays(30);

    /// OpenAI's limits at the usual pace; nothing is refused; responses are kept for 30 d.
    public static final BatchesConfig DEFAULT =
            new BatchesConfig(InputLimits.DEFAULT, Pace.DEFAULT, Feasibility.DEFAULT);

    public BatchesConfig {
        if (!responsesKept.isPositive()) {
            throw new IllegalArgumentException("responses.kept.ms must be above 0, but was " + responsesKept);
        }
    }

    /// Dead blobs are collected as usual, and responses kept for 30 d.
    public BatchesConfig(InputLimits limits, Pace pace, Feasibility feasibility) {
        this(limits, pace, feasibility, CollectPolicy.DEFAULT, RESPONSES_KEPT);
    }

    /// The same, with another collection of dead blobs.
    public BatchesConfig collecting(CollectPolicy policy) {
        return new BatchesConfig(limits, pace, feasibility, policy, responsesKept);
    }
}
