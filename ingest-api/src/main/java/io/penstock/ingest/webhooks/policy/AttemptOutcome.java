package io.penstock.ingest.webhooks.policy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What came of one POST.
public sealed interface AttemptOutcome {
    /// The endpoint answered; `retryAfter` is what its header asked for.
    record Answered(int status, @Nullable Duration retryAfter) implements AttemptOutcome {}

    /// It did not, or was not asked, for `reason`.
    record Unreachable(String reason) implements AttemptOutcome {}
}
