package io.penstock.router.batches;

import io.penstock.router.batches.progress.EarlyCommands;
import io.penstock.topics.id.BatchId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/// Keeps the state and the payload store from growing for ever: a batch that ended is remembered in full, with its
/// lines and
/// segments, for 2 d (and until its retry is done), as a bare marker until its results are gone from
/// their topic (30 d), and then not at all; commands whose batch never came, for 2 d.
final class Forgetter implements Actor {
    static final Duration REMEMBERED = Duration.ofDays(2);
    static final Duration MARKED = Duration.ofDays(30);

    /// Rows looked at per turn: at one turn a minute, 100,000 rows are gone through in 100 minutes.
    private static final int ROWS = 1_000;
    /// Rows of lines and segments dropped per turn; a batch of 1,000,000 lines has some 3,000.
    private static final int PARTS = 10_000;

    private final OwnedBatches batches;
    private final BatchStores stores;
    private final LineMarks marks;
    private final OutputSegments segments;
    private final Outbox outbox;
    private @Nullable BatchId behind;

    Forgetter(OwnedBatches batches, BatchStores stores, LineMarks marks, OutputSegments segments, Outbox outbox) {
        this.batches = batches;
        this.stores = stores;
        this.marks = marks;
        this.segments = segments;
        this.outbox = outbox;
    }

    @Override
    public void act(Instant now) {
        List<KeyValue<BatchId, EndedBatch>> rows = nextRows();
        int parts = PARTS;
        for (KeyValue<BatchId, EndedBatch> row : rows) {
            boolean old = !now.isBefore(row.value.at().plus(REMEMBERED)) && !batches.isRetried(row.key);
            if (old && !row.value.isMarker()) {
                parts -= parts > 0 ? forget(row, parts) : 0;
            } else if (!now.isBefore(row.value.at().plus(MARKED))) {
                stores.ended().delete(row.key);
            }
        }
        behind = rows.size() < ROWS ? null : rows.getLast().key;
        forgetCommands(now);
    }

    /// Leaves a marker once nothing else is left; returns how many rows it dropped, up to `limit`. Before
    /// the first row goes nobody can refer to the batch any more.
    private int forget(KeyValue<BatchId, EndedBatch> row, int limit) {
        stores.ended().put(row.key, row.value.withoutBatch());
        outbox.release(row.key, OwnedBatches.INPUT);
        int dropped = marks.drop(row.key, limit);
        dropped += segments.drop(row.key, limit - dropped);
        if (dropped < limit) {
            stores.ended().put(row.key, row.value.marker());
        }
        return dropped;
    }

    private List<KeyValue<BatchId, EndedBatch>> nextRows() {
        List<KeyValue<BatchId, EndedBatch>> rows = new ArrayList<>();
        try (KeyValueIterator<BatchId, EndedBatch> from = stores.ended().range(behind, null)) {
            while (from.hasNext() && rows.size() < ROWS) {
                rows.add(from.next());
            }
        }
        return rows;
    }

    private void forgetCommands(Instant now) {
        List<BatchId> old = new ArrayList<>();
        try (KeyValueIterator<BatchId, EarlyCommands> rows =
                stores.earlyCommands().all()) {
            for (int i = 0; i < ROWS && rows.hasNext(); i++) {
                KeyValue<BatchId, EarlyCommands> row = rows.next();
                if (!now.isBefore(row.value.at().plus(REMEMBERED))) {
                    old.add(row.key);
                }
            }
        }
        old.forEach(stores.earlyCommands()::delete);
    }
}
