package io.penstock.router.ledger;

import io.penstock.router.ledger.store.KeyedStore;
import io.penstock.router.ledger.store.Table;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rows of all unfinished requests. Those touched last are also held decoded: what is given out is
/// mostly reported on soon after.
final class Rows {
    /// Decoded rows held: about 2 KB each, and up to 8 KB of text.
    private static final int HELD_MAX = 1024;

    private static final int HELD_CHARS_MAX = 4 * 1024;

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

    boolean contains(RequestId id) {
        return held.containsKey(id.value()) || table.contains(id.value());
    }

    @Nullable
    Row get(RequestId id) {
        Row row = held.get(id.value());
        return row == null ? table.get(id.value()) : row;
    }

    void put(Row row) {
        if (row.partial() == null || row.partial().text().length() <= HELD_CHARS_MAX) {
            held.put(row.id().value(), row);
        } else {
            held.remove(row.id().value());
        }
        table.put(row.id().value(), row);
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
