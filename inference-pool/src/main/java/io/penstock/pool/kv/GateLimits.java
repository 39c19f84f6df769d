package io.penstock.pool.kv;

import java.time.Duration;

/// The bounds of a gate.
///
/// `sequences` requests of ours at most. While the KV cache is unknown and others may be in it,
/// `unknownSequences`; while none are known of, more than those until answers come `unknownSlowdown` times as
/// slowly as the fastest (`PaceLimit`).
/// The gate closes while more than `waitingMax` requests wait at the engine (5, as the Endpoint Picker has it).
/// Metrics older than `staleAfter` tell nothing, nor do those that stand still for `frozenAfter` and 4
/// steps of the engine although requests of ours came or went. A gauge that stood still for `probeAfter`
/// with nothing of ours in flight earns a probe.
///
/// A chat call waits for the prompts that the engine has before it. While others are there, those of normal
/// and low work are `prefillTokens` at most; while none are, the next one is sent when `prefillLeft` tokens or
/// fewer are left to compute.
public record GateLimits(
        int sequences,
        int unknownSequences,
        double unknownSlowdown,
        int waitingMax,
        int prefillTokens,
        int prefillLeft,
        Duration staleAfter,
        Duration frozenAfter,
        Duration probeAfter) {
    /// 256 and 16 requests, 3.3 times as slowly, 5 waiting, 2,048 tokens of prompt and 16 left, stale after 2 s,
    /// frozen after 1 s, a probe after 10 s.
    public static final GateLimits DEFAULT = new GateLimits(
            256, 16, 3.3, 5, 2048, 16, Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(10));

    public GateLimits {
        if (sequences < 1
                || unknownSequences < 1
                || !(unknownSlowdown >= 1)
                || waitingMax < 0
                || prefillTokens < 1
                || prefillLeft < 0
                || !staleAfter.isPositive()
                || !frozenAfter.isPositive()
                || !probeAfter.isPositive()) {
            throw new IllegalArgumentException("gate limits must be positive: sequences " + sequences
                    + ", with KV unknown " + unknownSequences + ", slowed down " + unknownSlowdown + ", waiting "
                    + waitingMax + ", prefill tokens "
                    + prefillTokens + ", of them left " + prefillLeft + ", stale after " + staleAfter
                    + ", frozen after " + frozenAfter + ", probe after "
                    + probeAfter);
        }
    }

    /// The same for so many requests, what is known of the cache or not.
    public GateLimits withSequences(int number) {
        return new GateLimits(
                number,
                number,
                unknownSlowdown,
                waitingMax,
                prefillTokens,
                prefillLeft,
                staleAfter,
                frozenAfter,
                probeAfter);
    }

    /// The same, open while no more requests than that wait at the engine.
    public GateLimits withWaitingMax(int number) {
        return new GateLimits(
                sequences,
                unknownSequences,
                unknownSlowdown,
                number,
                prefillTokens,
                prefillLeft,
                staleAfter,
                frozenAfter,
                probeAfter);
    }

    /// The same with so many tokens left to compute when the next prompt is sent.
    public GateLimits withPrefillLeft(int tokens) {
        return new GateLimits(
                sequences,
                unknownSequences,
                unknownSlowdown,
                waitingMax,
                prefillTokens,
                tokens,
                staleAfter,
                frozenAfter,
                probeAfter);
    }
}
