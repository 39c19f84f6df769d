package io.penstock.pool.kv;

import java.time.Duration;
import java.time.Instant;

/// How many requests of ours an engine may have, learned from its reactions: halved when it refuses,
/// preempts or evicts, raised while it does not (additive increase, multiplicative decrease; TCP's
/// congestion control, RFC 5681, with requests for segments).
///
/// One flight is punished once: what was sent before the last cut says nothing new. A clean window is
/// one without a cut in which at least half the limit was used. Below the slow start's end a clean window
/// doubles the limit, above it adds one. The end is where the last cut left the limit. Not thread-safe.
public final class ReactiveLimit {
    private final Bounds bounds;
    private double limit;
    private double slowStartEnd;
    private Instant windowStart = Instant.MIN;
    private Instant lastCut = Instant.MIN;
    private boolean used;

    /// Where the limit starts and between what it moves, in requests, and how long a window is.
    public record Bounds(int least, int start, int most, Duration window) {
        /// 1, 16, 4096 and 250 ms.
        public static final Bounds DEFAULT = new Bounds(1, 16, 4096, Duration.ofMillis(250));

        public Bounds {
            if (least < 1 || start < least || most < start || !window.isPositive()) {
                throw new IllegalArgumentException("a reactive limit must rise from least (at least 1) over start to"
                        + " most, with a window above 0, but was " + least + ", " + start + ", " + most + ", "
                        + window);
            }
        }
    }

    public ReactiveLimit(Bounds bounds) {
        this.bounds = bounds;
        this.limit = bounds.start();
        this.slowStartEnd = bounds.most();
    }

    /// Requests of ours that may be in flight.
    public int limit() {
        return (int) limit;
    }

    /// When the limit was last cut, `Instant.MIN` before the first time.
    Instant lastCut() {
        return lastCut;
    }

    /// The engine's reaction at `now` to a request sent at `sentAt`: halves the limit, unless the request
    /// is of a flight that was punished already. Returns whether it did.
    public boolean refused(Instant sentAt, Instant now) {
        if (sentAt.isBefore(lastCut)) {
            return false;
        }
        limit = Math.max(bounds.least(), limit / 2);
        slowStartEnd = limit;
        lastCut = now;
        windowStart = now;
        used = false;
        return true;
    }

    /// The endpoint takes calls again, or is known again: begins anew, and comes back to where it was
    /// faster than beyond.
    public void reopened(Instant now) {
        slowStartEnd = Math.max(slowStartEnd, limit);
        limit = Math.min(limit, bounds.start());
        windowStart = now;
        used = false;
    }

    /// Takes note of `inFlight` requests at `now`; to be called at least once a window.
    public void observe(int inFlight, Instant now) {
        used |= inFlight >= limit / 2;
        if (windowStart.equals(Instant.MIN)) {
            windowStart = now;
        }
        if (!now.isBefore(windowStart.plus(bounds.window()))) {
            if (used) {
                limit = Math.min(bounds.most(), limit < slowStartEnd ? Math.min(limit * 2, slowStartEnd) : limit + 1);
            }
            windowStart = now;
            used = false;
        }
    }
}
