package io.penstock.router.batches;

import io.penstock.router.batches.progress.BatchEvent;
import io.penstock.router.batches.progress.BatchState;
import io.penstock.router.batches.progress.Forecast;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Estimate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Says when batches will be done. Every announcement carries a fresh estimate; a batch of which nothing
/// else is to be told is announced when its estimate has changed for the reader.
final class Estimator implements Actor {
    private final OwnedBatches batches;
    private final Catalogue catalogue;
    private volatile int atRisk;

    Estimator(OwnedBatches batches, Catalogue catalogue) {
        this.batches = batches;
        this.catalogue = catalogue;
    }

    @Override
    public void act(Instant now) {
        int late = 0;
        for (BatchId id : batches.ids()) {
            BatchState state = batches.find(id);
            Estimate estimate = state == null ? null : estimate(state, now);
            if (state != null && Forecast.differ(state.batch().estimate(), estimate, now)) {
                batches.unannounced().set(id, true);
            }
            late += estimate != null && estimate.atRisk() ? 1 : 0;
        }
        atRisk = late;
    }

    /// Running batches expected to miss their deadline, as of the last look; for any thread.
    int atRisk() {
        return atRisk;
    }

    /// The task is another's from now on.
    void stop() {
        atRisk = 0;
    }

    /// Gives the batch the estimate of this moment.
    void refresh(BatchState state, Instant now) {
        batches.happened(state.batch().id(), new BatchEvent.Estimated(estimate(state, now)), now);
    }

    /// How the lanes of the batch's band stand.
    Forecast.Lanes lanes(Batch batch) {
        Band band = catalogue.bandOf(batch.objective());
        return pool -> catalogue.lane(pool, band);
    }

    private @Nullable Estimate estimate(BatchState state, Instant now) {
        Batch batch = state.batch();
        Forecast forecast = Forecast.of(state, lanes(batch));
        return forecast == null ? null : forecast.estimate(now, batch.deadline());
    }
}
