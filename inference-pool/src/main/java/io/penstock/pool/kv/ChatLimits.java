package io.penstock.pool.kv;

import java.time.Duration;

/// What changes while others, chat above all, use an engine.
///
/// The ceilings are lowered towards `ceilings`, in four steps, as the others' share of the KV cache rises
/// to `fullShare` (0 to 1), or as many of their requests wait as close the gate; they rise again, step by
/// step. New low work is let in at the pace `low`, because every prompt that is computed
/// holds up the others' next words; it waits for a moment, a second at most, at which no interactive call is
/// known to await its first word. Others count as there until none was seen for `linger`, and
/// the ceilings change once in that time at most.
public record ChatLimits(Ceilings ceilings, LowPace low, Duration linger, double fullShare) {
    /// Ceilings 0.75, 0.65 and 0.50, the default pace, 2 s, and half the cache.
    public static final ChatLimits DEFAULT =
            new ChatLimits(new Ceilings(0.75, 0.65, 0.50), LowPace.DEFAULT, Duration.ofSeconds(2), 0.5);

    public ChatLimits {
        if (linger.isNegative()) {
            throw new IllegalArgumentException("others must not linger for less than no time, but did for " + linger);
        }
        if (!(fullShare > 0 && fullShare <= 1)) {
            throw new IllegalArgumentException(
                    "the share of the cache at which the ceilings are lowest must be above 0 and at most 1, but was "
                            + fullShare);
        }
    }

    /// The same with the default share.
    public ChatLimits(Ceilings ceilings, LowPace low, Duration linger) {
        this(ceilings, low, linger, 0.5);
    }
}
