package io.penstock.router.batches;

import io.penstock.router.batches.progress.BatchEvent;
import io.penstock.router.batches.progress.BatchState;
import io.penstock.topics.id.BatchId;
import java.time.Duration;
import java.time.Instant;

/// Ends what the ledger cannot: batches still in validation when their deadline passes, and the rest of
/// inputs that became unreadable. Lines on `requests.*` are the ledger's to expire.
final class Expirer implements Actor {
    /// How long after its deadline an input may still be expanded. The ledger answers each line as
    /// expired at once; only a payload store that has failed all this time makes it matter.
    private static final Duration GRACE = Duration.ofHours(1);

    private final OwnedBatches batches;

    Expirer(OwnedBatches batches) {
        this.batches = batches;
    }

    @Override
    public void act(Instant now) {
        for (BatchId id : batches.validating().snapshot()) {
            if (!now.isBefore(deadline(id))) {
                batches.happened(id, new BatchEvent.WindowPassed(), now);
            }
        }
        for (BatchId id : batches.expanding().snapshot()) {
            if (!now.isBefore(deadline(id).plus(GRACE))) {
                batches.happened(id, new BatchEvent.InputLost(), now);
            }
        }
    }

    private Instant deadline(BatchId id) {
        BatchState state = batches.find(id);
        if (state == null) {
            throw new IllegalStateException(id + " is waiting for work, and is not known");
        }
        return state.batch().deadline();
    }
}
