package io.penstock.pool.kv;

import java.time.Duration;
import java.time.Instant;
import java.util.function.ToDoubleFunction;

/// Tokens at a rate that may change, saved up for one second at most; as the rate falls, what was saved up is
/// worth the time that it took, and no more. What is taken may exceed what is there: the debt is paid before
/// anything more is given, so that requests of any size get through.
final class TokenBucket {
    private final ToDoubleFunction<Instant> perSecond;
    private double tokens;
    private double lastRate;
    private Instant filledAt = Instant.MIN;

    TokenBucket(ToDoubleFunction<Instant> perSecond) {
        this.perSecond = perSecond;
    }

    /// True if something may be taken at `now`.
    boolean isOpen(Instant now) {
        fill(now);
        return tokens > 0;
    }

    /// True if all that can be saved up is there.
    boolean isFull(Instant now) {
        fill(now);
        return tokens >= perSecond.applyAsDouble(now);
    }

    /// What was saved up is gone; a debt stays.
    void empty(Instant now) {
        fill(now);
        tokens = Math.min(0, tokens);
    }

    void take(long taken, Instant now) {
        fill(now);
        tokens -= taken;
    }

    private void fill(Instant now) {
        if (filledAt.isBefore(now)) {
            double seconds = filledAt.equals(Instant.MIN)
                    ? 1
                    : Duration.between(filledAt, now).toNanos() / 1e9;
            double rate = perSecond.applyAsDouble(now);
            if (tokens > 0 && rate < lastRate) {
                tokens *= rate / lastRate;
            }
            tokens = Math.min(rate, tokens + seconds * rate);
            lastRate = rate;
            filledAt = now;
        }
    }
}
