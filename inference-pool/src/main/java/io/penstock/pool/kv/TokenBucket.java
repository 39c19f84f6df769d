package io.penstock.pool.kv;

import java.time.Duration;
import java.time.Instant;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Tokens at a rate that may change, saved up for one second at most. What is taken may exceed what is there: the
/// debt is paid before anything more is given, so that requests of any size get through.
final class TokenBucket {
    private final ToDoubleFunction<Instant> perSecond;
    private double tokens;
    private Instant filledAt = Instant.MIN;
    private @Nullable Instant openSince;

    TokenBucket(ToDoubleFunction<Instant> perSecond) {
        this.perSecond = perSecond;
    }

    /// True if something may be taken at `now`.
    boolean isOpen(Instant now) {
        fill(now);
        return tokens > 0;
    }

    /// True if something could have been taken for so long already.
    boolean isOpenFor(Duration time, Instant now) {
        return isOpen(now) && openSince != null && !openSince.plus(time).isAfter(now);
    }

    /// What was saved up is gone; a debt stays.
    void empty(Instant now) {
        fill(now);
        tokens = Math.min(0, tokens);
        openSince = null;
    }

    void take(long taken, Instant now) {
        fill(now);
        tokens -= taken;
        openSince = tokens > 0 ? openSince : null;
    }

    private void fill(Instant now) {
        if (filledAt.isBefore(now)) {
            double seconds = filledAt.equals(Instant.MIN)
                    ? 1
                    : Duration.between(filledAt, now).toNanos() / 1e9;
            double rate = perSecond.applyAsDouble(now);
            tokens = Math.min(rate, tokens + seconds * rate);
            filledAt = now;
            if (openSince == null && tokens > 0) {
                openSince = now.minusNanos((long) (1e9 * tokens / rate));
            }
        }
    }
}
