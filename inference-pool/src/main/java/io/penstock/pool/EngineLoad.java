package io.penstock.pool;

import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An engine's own account of its load.
///
/// `waiting` leaves out requests that wait for something other than capacity. `kvUse` is the share of
/// KV cache in use, 0 to 1; `capacityTokens` its size. Either is empty if the engine does not tell:
/// unknown, which is neither 0 nor full. `takenAt` is when the question was asked: what was sent later
/// is not in the answer. `adapters` are null if it tells of none.
public record EngineLoad(
        int running,
        int waiting,
        OptionalDouble kvUse,
        OptionalLong capacityTokens,
        long preemptions,
        Instant takenAt,
        @Nullable Adapters adapters) {
    /// An account that tells of no adapters.
    public EngineLoad(
            int running,
            int waiting,
            OptionalDouble kvUse,
            OptionalLong capacityTokens,
            long preemptions,
            Instant takenAt) {
        this(running, waiting, kvUse, capacityTokens, preemptions, takenAt, null);
    }

    /// The LoRA adapters that requests run with or wait for, by name, of which a step can have `max`
    /// different ones.
    public record Adapters(int max, Set<String> running, Set<String> waiting) {
        public Adapters {
            running = Set.copyOf(running);
            waiting = Set.copyOf(waiting);
        }
    }

    /// The same account, telling of adapters.
    public EngineLoad with(@Nullable Adapters told) {
        return new EngineLoad(running, waiting, kvUse, capacityTokens, preemptions, takenAt, told);
    }

    /// True if the gauges stand where they stood in `other`.
    boolean standsAs(EngineLoad other) {
        return running == other.running && waiting == other.waiting && kvUse.equals(other.kvUse);
    }
}
