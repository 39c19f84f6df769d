package io.penstock.pool.kv;

import java.time.Duration;
import java.time.Instant;

/// A clock's readings on a line that does not run backwards: when the clock is set back, the line goes on
/// from where it was. (A clock set forward makes everything old at once, which is unknown and not wrong.)
/// Not thread-safe.
final class SteadyTime {
    /// Readings of one clock by several threads may come out of order by this much.
    private static final Duration DISORDER_MAX = Duration.ofMillis(250);

    /// An account comes this long after its question at most: one takes 2 s and a pause of 250 ms.
    private static final Duration LATE_MAX = Duration.ofSeconds(5);

    private Instant latest = Instant.MIN;
    private Duration setBack = Duration.ZERO;

    /// The latest moment that was read; `Instant.MIN` before the first.
    Instant latest() {
        return latest;
    }

    /// Where the clock's present `reading` is on the line.
    Instant at(Instant reading) {
        return line(reading, DISORDER_MAX);
    }

    /// Where a `reading` that was taken a while ago, perhaps before the clock was set back, is on the line.
    Instant past(Instant reading) {
        boolean beforeStep = !setBack.isZero() && reading.plus(setBack).isAfter(latest.plus(LATE_MAX));
        return beforeStep ? latest : line(reading, LATE_MAX);
    }

    private Instant line(Instant reading, Duration tolerance) {
        Instant at = reading.plus(setBack);
        if (latest.isAfter(Instant.MIN) && at.plus(tolerance).isBefore(latest)) {
            setBack = setBack.plus(Duration.between(at, latest));
            at = latest;
        }
        if (at.isAfter(latest)) {
            latest = at;
        }
        return at;
    }
}
