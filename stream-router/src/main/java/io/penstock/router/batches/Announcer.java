package io.penstock.router.batches;

import io.penstock.router.batches.progress.BatchState;
import io.penstock.topics.id.BatchId;
import java.time.Instant;

/// Tells everyone the progress of batches that changed since the last time; a change of status is told
/// at once by `OwnedBatches` itself.
final class Announcer implements Actor {
    /// Batches announced per turn at most; the others take the next.
    private static final int TURN = 1_000;

    private final OwnedBatches batches;
    private final Estimator estimator;

    Announcer(OwnedBatches batches, Estimator estimator) {
        this.batches = batches;
        this.estimator = estimator;
    }

    @Override
    public void act(Instant now) {
        Rotation changed = batches.unannounced();
        for (int turns = Math.min(TURN, changed.size()); turns > 0; turns--) {
            BatchId id = changed.next();
            BatchState state = batches.find(id);
            if (state == null) {
                changed.set(id, false);
            } else {
                estimator.refresh(state, now);
                batches.announce(id, now);
            }
        }
    }
}
