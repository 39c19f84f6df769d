package io.penstock.pool.kv;

import java.time.Duration;
import java.time.Instant;

/// Sends requests one after the other to an engine whose accounts do not show which prompts it has computed:
/// in the time that an answer takes, a quarter more than may be there at a time, much as TCP is paced when it
/// does not begin, and at least four a second. All at once, they would be a row of prompts before the next
/// chat call, and end together to be one again. Not thread-safe.
final class Spacing {
    /// More than end, or a place that was free for a while would be so for ever.
    private static final double MORE = 1.25;

    /// What is due is sent a little later, at the next look.
    private static final Duration LOOK = Duration.ofMillis(50);

    /// A prompt is computed in less, and where requests differ a mean says little of the next one.
    private static final Duration GAP_MAX = Duration.ofMillis(250);

    /// What is asked for goes within this time.
    private static final Duration AHEAD = Duration.ofSeconds(1);

    private Instant next = Instant.EPOCH;

    boolean isDue(Instant now) {
        return !now.isBefore(next);
    }

    /// How long until the next one is.
    Duration untilDue(Instant now) {
        return isDue(now) ? Duration.ZERO : Duration.between(now, next);
    }

    /// One is sent at `now`, whether or not it was due, where an answer takes `flight` and there may be `limit` at a
    /// time.
    void sent(Duration flight, int limit, Instant now) {
        Instant late = now.minus(LOOK);
        Instant due = next.isBefore(late) ? late : next;
        next = (due.isAfter(now) ? now : due).plus(gap(flight, limit));
    }

    /// How many go in a second.
    static int ahead(Duration flight, int limit) {
        return (int) Math.min(AHEAD.dividedBy(gap(flight, limit)), Integer.MAX_VALUE);
    }

    private static Duration gap(Duration flight, int limit) {
        long nanos = (long) (flight.toNanos() / (MORE * limit));
        return Duration.ofNanos(Math.clamp(nanos, 1, GAP_MAX.toNanos()));
    }
}
