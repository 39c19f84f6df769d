package io.penstock.router.collect;

import io.penstock.payload.BlobId;
import io.penstock.payload.PayloadStore;
import io.penstock.router.batches.BatchesMetric;
import io.penstock.service.Metrics;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes the blobs whose grace is over. The store comes first and the state after it, so that a crash
/// between the two removes a blob again, which is no error.
final class BlobSweeper {
    private static final Logger LOG = LoggerFactory.getLogger(BlobSweeper.class);
    /// Condemned blobs looked at per turn.
    private static final int ROWS = 10_000;

    private final CollectPolicy policy;
    private final CollectStores stores;
    private final References references;
    private final PayloadStore payloads;
    private final Metrics metrics;
    private @Nullable String behind;
    private boolean failing;

    BlobSweeper(
            CollectPolicy policy, CollectStores stores, References references, PayloadStore payloads, Metrics metrics) {
        this.policy = policy;
        this.stores = stores;
        this.references = references;
        this.payloads = payloads;
        this.metrics = metrics;
    }

    void turn(Instant now) {
        try {
            for (KeyValue<String, Condemned> row : due(now)) {
                remove(row);
            }
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.atWarn().setCause(e).log("dead blobs cannot be removed now; trying again until it works");
            }
            failing = true;
            behind = null;
        }
    }

    private void remove(KeyValue<String, Condemned> row) throws IOException {
        // Whoever takes hold of a blob acquits it; asked once more because nothing undoes a removal.
        if (!references.isHeld(row.key)) {
            payloads.delete(new BlobId(row.key));
            metrics.count(BatchesMetric.BLOBS_COLLECTED);
            metrics.count(BatchesMetric.BYTES_RECLAIMED, (double) row.value.bytes());
        }
        stores.condemned().delete(row.key);
    }

    private List<KeyValue<String, Condemned>> due(Instant now) {
        List<KeyValue<String, Condemned>> due = new ArrayList<>();
        String last = behind;
        int rows = 0;
        try (KeyValueIterator<String, Condemned> from = stores.condemned().range(behind, null)) {
            while (from.hasNext() && rows < ROWS && due.size() < policy.blobsPerTurn()) {
                KeyValue<String, Condemned> row = from.next();
                last = row.key;
                rows++;
                if (policy.isDue(row.value.since(), now)) {
                    due.add(row);
                }
            }
            behind = from.hasNext() ? last : null;
        }
        return due;
    }
}
