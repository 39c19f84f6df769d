package io.penstock.pool;

import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An engine's own account of its load. What it does not tell is empty: unknown, which is neither none
/// nor full.
///
/// `running` and `waiting` are those of all its ranks; `waiting` leaves out requests that wait for
/// something other than capacity. `queue` is how many of them one sent now would find before it, which is
/// all of them unless the engine has several ranks. `kvUse` is the share of KV cache in use, 0 to 1,
/// `capacityTokens` its size, each over all ranks. `preemptions` are those since it started. `takenAt` is
/// when the question was asked: what was sent later is not in the answer. `adapters` are
/// null if it tells of none. `answersAgree` is true if what its answers' heads tell (`LoadHeader`) means the
/// same as this account.
public record EngineLoad(
        OptionalInt running,
        OptionalInt waiting,
        OptionalInt queue,
        OptionalDouble kvUse,
        OptionalLong capacityTokens,
        OptionalLong preemptions,
        Instant takenAt,
        @Nullable Adapters adapters,
        boolean answersAgree) {
    /// An account that tells of no adapters, and that no answer's head is to be read with.
    public EngineLoad(
            OptionalInt running,
            OptionalInt waiting,
            OptionalInt queue,
            OptionalDouble kvUse,
            OptionalLong capacityTokens,
            OptionalLong preemptions,
            Instant takenAt) {
        this(running, waiting, queue, kvUse, capacityTokens, preemptions, takenAt, null, false);
    }

    /// The account of an engine of one rank that tells of its requests and preemptions.
    public EngineLoad(
            int running,
            int waiting,
            OptionalDouble kvUse,
            OptionalLong capacityTokens,
            long preemptions,
            Instant takenAt) {
        this(
                OptionalInt.of(running),
                OptionalInt.of(waiting),
                OptionalInt.of(waiting),
                kvUse,
                capacityTokens,
                OptionalLong.of(preemptions),
                takenAt);
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
        return new EngineLoad(running, waiting, queue, kvUse, capacityTokens, preemptions, takenAt, told, answersAgree);
    }

    /// The same account, saying whether answers' heads mean the same.
    public EngineLoad agreeing(boolean agree) {
        return new EngineLoad(running, waiting, queue, kvUse, capacityTokens, preemptions, takenAt, adapters, agree);
    }

    /// True if nothing runs there and nothing waits.
    public boolean isIdle() {
        return running.isPresent() && running.getAsInt() == 0 && waiting.orElse(0) == 0;
    }

    /// True if it tells something that changes with every request.
    public boolean tellsUse() {
        return running.isPresent() || kvUse.isPresent();
    }

    /// True if the gauges stand where they stood in `other`.
    public boolean standsAs(EngineLoad other) {
        return running.equals(other.running) && waiting.equals(other.waiting) && kvUse.equals(other.kvUse);
    }
}
