package io.penstock.pool;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Whether an engine's account of itself stands still. One that does so while requests of ours come or go is not the
/// engine's present state, and nothing in it is to be believed until it moves. Standing at nothing is no fault while
/// nothing of ours is there. Not thread-safe.
public final class Standstill {
    private @Nullable Instant toldAt;
    private @Nullable Instant movedAt;
    /// The first of our comings and goings that the account has not answered by moving.
    private @Nullable Instant unansweredSince;

    private Instant lastEvent = Instant.MIN;

    /// A request of ours was sent, or one that had been sent has ended.
    public void ourLoadChanged(Instant at) {
        lastEvent = at;
        if (unansweredSince == null) {
            unansweredSince = at;
        }
    }

    /// Takes note of an account of `at`: whether it `moved`, and whether it tells of nothing that runs or waits.
    /// `busySince` is since when requests of ours are there that an idle account belies, null if there are none.
    public void told(Instant at, boolean moved, boolean idle, @Nullable Instant busySince) {
        toldAt = toldAt == null || at.isAfter(toldAt) ? at : toldAt;
        if (moved || movedAt == null) {
            movedAt = movedAt == null || at.isAfter(movedAt) ? at : movedAt;
            unansweredSince = lastEvent.isAfter(at) ? lastEvent : null;
        } else if (idle) {
            // What of ours came and went between two accounts leaves no trace in either.
            unansweredSince = busySince;
        }
    }

    /// True if it had stood still for `slack` at the last account although requests of ours came or went.
    public boolean isFrozen(Duration slack) {
        return toldAt != null
                && unansweredSince != null
                && !unansweredSince.plus(slack).isAfter(toldAt);
    }

    /// When the engine last told anything, null if it has not yet.
    public @Nullable Instant toldAt() {
        return toldAt;
    }

    /// When the gauges last moved, null if they have told nothing yet.
    public @Nullable Instant movedAt() {
        return movedAt;
    }
}
