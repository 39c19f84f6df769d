package io.penstock.router.collect;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/// Removes the records of files that have expired, and of uploads and their parts that are over.
///
/// The record of a file whose content a batch needs too stays until that has ended: it costs nothing, and
/// a batch that publishes its output again never meets the removal of what it published before.
final class RecordExpirer {
    /// Records looked at per turn: at one turn in 10 s, 100,000 are gone through in 17 minutes.
    private static final int ROWS = 1_000;

    private final CollectStores stores;
    private final References references;
    private final Tombstones tombstones;
    private @Nullable String behind;

    RecordExpirer(CollectStores stores, References references, Tombstones tombstones) {
        this.stores = stores;
        this.references = references;
        this.tombstones = tombstones;
    }

    void turn(Instant now) {
        List<KeyValue<String, Holder>> rows = new ArrayList<>();
        try (KeyValueIterator<String, Holder> from = stores.holders().range(behind, null)) {
            while (from.hasNext() && rows.size() < ROWS) {
                rows.add(from.next());
            }
        }
        for (KeyValue<String, Holder> row : rows) {
            if (row.value.isOver(now) && !isShared(row)) {
                tombstones.write(row.key, now);
            }
        }
        behind = rows.size() < ROWS ? null : rows.getLast().key;
    }

    private boolean isShared(KeyValue<String, Holder> row) {
        return row.value.segments().stream().anyMatch(segment -> references.isHeldByAnother(segment.blob(), row.key));
    }
}
