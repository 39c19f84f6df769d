package io.penstock.pool.metrics;

import io.penstock.pool.EngineLoad;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Puts what a page told into an account.
final class Loads {
    private Loads() {}

    /// The account of an engine of one rank, where whoever waits is before one that is sent now; null if the
    /// page told neither of requests nor of the cache, which is then some other page.
    static @Nullable EngineLoad of(
            OptionalDouble running,
            OptionalDouble waiting,
            OptionalDouble use,
            OptionalLong capacity,
            OptionalDouble preemptions,
            Instant takenAt) {
        return ofRanks(running, new Waiting(waiting, waiting), new Cache(use, capacity), preemptions, takenAt);
    }

    /// Requests that wait at all ranks, and those that one sent now would find before it.
    record Waiting(OptionalDouble all, OptionalDouble queue) {}

    /// The share of the cache in use, over all ranks, and its size.
    record Cache(OptionalDouble use, OptionalLong tokens) {}

    /// The account of an engine of several ranks, under the same condition.
    static @Nullable EngineLoad ofRanks(
            OptionalDouble running, Waiting waiting, Cache cache, OptionalDouble preemptions, Instant takenAt) {
        return running.isEmpty() && waiting.all().isEmpty() && cache.use().isEmpty()
                ? null
                : new EngineLoad(
                        whole(running),
                        whole(waiting.all()),
                        whole(waiting.queue()),
                        cache.use(),
                        cache.tokens(),
                        preemptions.isPresent()
                                ? OptionalLong.of((long) preemptions.getAsDouble())
                                : OptionalLong.empty(),
                        takenAt);
    }

    private static OptionalInt whole(OptionalDouble told) {
        return told.isPresent() ? OptionalInt.of((int) Math.ceil(told.getAsDouble())) : OptionalInt.empty();
    }
}
