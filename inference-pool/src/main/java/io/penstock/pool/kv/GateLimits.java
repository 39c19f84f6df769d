package io.penstock.pool.kv;

import java.time.Duration;

/// The bounds of a gate.
///
/// `sequences` requests of ours at most, `unknownSequences` while the KV cache is unknown. The gate
/// closes while more than `waitingMax` requests wait at the engine (5, as the Endpoint Picker has it).
/// Metrics older than `staleAfter` tell nothing. A gauge that stood still for `probeAfter` with nothing
/// of ours in flight earns a probe.
public record GateLimits(
        int sequences, int unknownSequences, int waitingMax, Duration staleAfter, Duration probeAfter) {
    /// 256 and 16 requests, 5 waiting, stale after 2 s, a probe after 10 s.
    public static final GateLimits DEFAULT = new GateLimits(256, 16, 5, Duration.ofSeconds(2), Duration.ofSeconds(10));

    public GateLimits {
        if (sequences < 1
                || unknownSequences < 1
                || waitingMax < 0
                || !staleAfter.isPositive()
                || !probeAfter.isPositive()) {
            throw new IllegalArgumentException("gate limits must be positive: sequences " + sequences
                    + ", with KV unknown " + unknownSequences + ", waiting " + waitingMax + ", stale after "
                    + staleAfter + ", probe after " + probeAfter);
        }
    }
}
