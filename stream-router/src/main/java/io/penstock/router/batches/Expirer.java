package io.penstock.router.batches;

import io.penstock.router.batches.progress.BatchEvent;
import io.penstock.router.batches.progress.BatchState;
import io.penstock.topics.id.BatchId;
import java.time.Instant;

/// Ends what the ledger cannot: batches still in validation when their deadline passes. Lines on `requests.*`
/// are the ledger's to expire.
final class Expirer implements Actor {
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
    }

    private Instant deadline(BatchId id) {
        BatchState state = batches.find(id);
        if (state == null) {
            throw new IllegalStateException(id + " is waiting for work, and is not known");
        }
        return state.batch().deadline();
    }
}
