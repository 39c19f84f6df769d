package io.penstock.pool.kv;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is known of an engine at a moment: each signal as it was last told, with its own age, null if it
/// is unknown. Both what a pull offers and whether a ticket may go are decided by it.
///
/// `movedAt` is when one of `running`, `waiting` and `kvUse` was last seen to change, null before the
/// first account. `account` says how far the whole can be believed.
public record Knowledge(
        Account account,
        @Nullable Told<Integer> running,
        @Nullable Told<Integer> waiting,
        @Nullable Told<Integer> queue,
        @Nullable Told<Double> kvUse,
        @Nullable Told<Long> capacity,
        @Nullable Told<Long> preemptions,
        @Nullable Instant movedAt) {
    /// How far an engine's account can be believed.
    public enum Account {
        /// There is none, or it is too old; nothing is known but the size of the cache.
        STALE,
        /// It has stood still although requests of ours came or went; nothing is known but the size.
        FROZEN,
        /// It is as the engine is.
        FRESH
    }

    /// True if use and size of the KV cache are known.
    public boolean knowsKv() {
        return kvUse != null && capacity != null;
    }

    /// True if nothing is believed because the account has stood still.
    boolean isFrozen() {
        return switch (account) {
            case FROZEN -> true;
            case STALE, FRESH -> false;
        };
    }

    /// True if an account will show which prompts were begun.
    boolean showsPrompts() {
        return kvUse != null || running != null;
    }

    /// True if more than `most` requests are known to wait before one that is sent now.
    boolean queueExceeds(int most) {
        return queue != null && queue.value() > most;
    }

    /// True if none is known to wait at the engine.
    boolean nothingWaits() {
        return waiting == null || waiting.value() == 0;
    }

    /// The moment up to which what was sent can be in `signal`: a gauge that has not moved since holds
    /// nothing new.
    Instant shownBy(@Nullable Told<?> signal) {
        if (signal == null || movedAt == null) {
            return Instant.MIN;
        }
        return movedAt.isBefore(signal.at()) ? movedAt : signal.at();
    }
}
