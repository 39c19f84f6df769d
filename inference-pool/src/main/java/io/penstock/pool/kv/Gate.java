package io.penstock.pool.kv;

import io.penstock.topics.record.Pull.Spare;

/// What an endpoint can take now: KV tokens per band, and requests. `signal` says what decided it for
/// the low band.
public record Gate(Spare spare, int sequences, Signal signal) {
    /// What decided a gate.
    public enum Signal {
        /// The KV arithmetic.
        KV,
        /// The engine's KV cache is unknown, or its metrics are stale: the reactive limit alone.
        UNKNOWN,
        /// Its metrics have stood still although requests of ours came or went: the same.
        FROZEN,
        /// More requests wait at the engine than it should ever have.
        WAITING,
        /// As many requests run there as we allow.
        SEQUENCES,
        /// As many requests run there as the engine was seen to bear.
        REACTIVE,
        /// Others use the engine, and low work is let in slowly.
        CHAT,
        /// The gauge has stood still with nothing of ours in flight: one request finds out.
        PROBE,
        /// The engine fails whatever it is given, or refuses our access.
        FAILING,
        /// The endpoint is not ready.
        NOT_READY
    }

    /// Takes nothing.
    public static Gate closed(Signal signal) {
        return new Gate(Spare.NONE, 0, signal);
    }

    /// True if nothing is taken in any band.
    public boolean isClosed() {
        return sequences == 0 || spare.high() == 0;
    }
}
