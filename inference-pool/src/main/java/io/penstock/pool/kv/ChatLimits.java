package io.penstock.pool.kv;

import java.time.Duration;

/// What changes while others, chat above all, use an engine: the ceilings are these, and new low work
/// is sent at `tokensPerSecond` of KV need at most, because every prompt that is computed holds up the
/// others' next words. Others count as there until none was seen for `linger`.
public record ChatLimits(Ceilings ceilings, double tokensPerSecond, Duration linger) {
    /// Ceilings 1.0, 0.90 and 0.75, 640 tokens a second, and 2 s.
    public static final ChatLimits DEFAULT = new ChatLimits(Ceilings.DEFAULT, 640, Duration.ofSeconds(2));

    public ChatLimits {
        if (!(tokensPerSecond >= 0) || linger.isNegative()) {
            throw new IllegalArgumentException(
                    "chat limits must not be negative: tokens per second " + tokensPerSecond + ", linger " + linger);
        }
    }
}
