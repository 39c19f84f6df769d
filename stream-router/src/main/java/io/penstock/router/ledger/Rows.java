package io.penstock.router.ledger;

import io.penstock.router.ledger.store.KeyedStore;
import io.penstock.router.ledger.store.Table;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rows of all unfinished requests. Those at workers are also held decoded, the ones touched last: what is given
/// out is mostly reported on soon after. What waits is held while there is room.
final class Rows {
    /// Decoded rows held: about 1.5 KB each, and up to 1 KB of text.
    private static final int HELD_MAX = 4096;

    private static final int HELD_CHARS_MAX = 512;

    private final Table<Row> table;
    private final Map<String, Row> held = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Row> eldest) {
            return size() > HELD_MAX;
        }
    };

    Rows(KeyedStore store) {
        this.table = new Table<>(store, "row", Row.class);
    }

    void recover() {
        held.clear();
    }

    /// True if a line of `batch` is unfinished.
    boolean hasAnyOf(BatchId batch) {
        return !table.keys(batch + ":", 1).isEmpty();
    }

    boolean contains(RequestId id) {
        return held.containsKey(id.value()) || table.contains(id.value());
    }

    @Nullable
    Row get(RequestId id) {
        Row row = held.get(id.value());
        return row == null ? table.get(id.value()) : row;
    }

    void put(Row row) {
        if (isWorthHolding(row)) {
            held.put(row.id().value(), row);
        } else {
            held.remove(row.id().value());
        }
        table.put(row.id().value(), row);
    }

    /// The end of a long backlog must not push out what is at workers.
    private boolean isWorthHolding(Row row) {
        return (row.partial() == null || row.partial().text().length() <= HELD_CHARS_MAX)
                && (row.assignment() != null || held.size() < HELD_MAX);
    }

    void delete(RequestId id) {
        held.remove(id.value());
        table.delete(id.value());
    }

    /// Up to `limit` lines of `batch`, from behind line `after` (null: from the first on).
    List<Row> of(BatchId batch, @Nullable RequestId after, int limit) {
        String from = after == null ? batch + ":" : after + " ";
        return table.values(from, batch + ":" + Table.END, limit);
    }
}
