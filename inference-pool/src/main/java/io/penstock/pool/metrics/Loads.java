package io.penstock.pool.metrics;

import io.penstock.pool.EngineLoad;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Puts what a page told into an account.
final class Loads {
    private Loads() {}

    /// The account; null if the page told neither of requests nor of the cache, which is then some other
    /// page. Requests it does not tell of count as none: only those who see them can be protected.
    static @Nullable EngineLoad of(
            OptionalDouble running,
            OptionalDouble waiting,
            OptionalDouble use,
            OptionalLong capacity,
            OptionalDouble preemptions,
            Instant takenAt) {
        return running.isEmpty() && waiting.isEmpty() && use.isEmpty()
                ? null
                : new EngineLoad(
                        (int) running.orElse(0),
                        (int) waiting.orElse(0),
                        use,
                        capacity,
                        (long) preemptions.orElse(0),
                        takenAt);
    }
}
