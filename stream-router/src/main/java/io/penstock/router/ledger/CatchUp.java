package io.penstock.router.ledger;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Judges whether a task has read all that workers have reported, by the age of the pulls and outcomes
/// it reads.
///
/// After a start, or a stall of more than 5 s, nothing that looks like a worker's silence can be
/// believed until records read are less than 2 s old. The suspension ends after 30 s at the latest, so
/// that a worker whose clock is behind cannot keep it up.
final class CatchUp {
    private static final Duration FRESH = Duration.ofSeconds(2);
    private static final Duration STALL = Duration.ofSeconds(5);
    private static final Duration SUSPENDED_MAX = Duration.ofSeconds(30);

    private @Nullable Instant suspendedSince;
    private @Nullable Instant lastTick;
    private @Nullable Instant newest;
    private boolean caughtUp;

    /// A pull or an outcome written at `when` has been read.
    void read(Instant when) {
        if (newest == null || when.isAfter(newest)) {
            newest = when;
        }
    }

    /// To be asked once per tick.
    boolean caughtUp(Instant now) {
        if (lastTick == null || Duration.between(lastTick, now).compareTo(STALL) > 0) {
            suspendedSince = now;
            caughtUp = false;
        }
        boolean stale = newest != null && Duration.between(newest, now).compareTo(FRESH) > 0;
        Duration suspended = suspendedSince == null ? Duration.ZERO : Duration.between(suspendedSince, now);
        if (!caughtUp) {
            caughtUp = suspended.compareTo(SUSPENDED_MAX) >= 0 || (!stale && suspended.compareTo(FRESH) >= 0);
        }
        lastTick = now;
        newest = null;
        return caughtUp;
    }
}
