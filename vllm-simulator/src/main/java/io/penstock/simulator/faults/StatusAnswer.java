package io.penstock.simulator.faults;

import java.time.Duration;
import java.util.Optional;

/// An error that one inference request is answered with instead of running.
///
/// @param status 400 to 599
/// @param retryAfter for the `Retry-After` header, whole seconds
public record StatusAnswer(int status, Optional<Duration> retryAfter) {
    public StatusAnswer {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status must be 400 to 599, got " + status);
        }
    }

    /// An answer without `Retry-After`.
    public static StatusAnswer of(int status) {
        return new StatusAnswer(status, Optional.empty());
    }

    /// An answer that asks to come back later.
    public static StatusAnswer of(int status, Duration retryAfter) {
        return new StatusAnswer(status, Optional.of(retryAfter));
    }
}
