package io.penstock.router.ledger;

import io.penstock.router.ledger.store.KeyedStore;
import io.penstock.router.ledger.store.Table;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/// What is due when: an index by kind and time.
final class Agenda {
    /// Why something is due.
    enum Kind {
        /// The deadline of a single request, or of a line that has one of its own.
        DEADLINE,
        /// A deadline that lines of a batch share.
        BATCH_DEADLINE,
        /// The end of a request's backoff.
        BACKOFF,
        /// The end of the memory of an ended single request.
        ENDED,
        /// The end of the memory of a batch's ended lines.
        ENDED_BATCH,
        /// The end of the memory of an order.
        ORDER
    }

    private final Table<String> table;

    Agenda(KeyedStore store) {
        this.table = new Table<>(store, "due", String.class);
    }

    void add(Kind kind, Instant when, String id) {
        table.mark(key(kind, when, id));
    }

    void remove(Kind kind, Instant when, String id) {
        table.delete(key(kind, when, id));
    }

    /// The same of what may not be there; then nothing is written.
    void removeIfThere(Kind kind, Instant when, String id) {
        if (table.contains(key(kind, when, id))) {
            remove(kind, when, id);
        }
    }

    /// The first `limit` entries of `kind` due at `now`.
    List<Entry> due(Kind kind, Instant now, int limit) {
        String start = kind.name() + " ";
        return table.keys(start, start + Table.sortable(now.toEpochMilli()) + Table.END, limit).stream()
                .map(key -> entry(kind, key))
                .toList();
    }

    /// Hands every entry of `kind` to `each`, whenever it is due, in slices of 1,000.
    void forEach(Kind kind, Consumer<Entry> each) {
        String end = kind.name() + " " + Table.END;
        String from = kind.name() + " ";
        List<String> slice = table.keys(from, end, 1000);
        while (!slice.isEmpty()) {
            slice.forEach(key -> each.accept(entry(kind, key)));
            slice = table.keys(slice.getLast() + " ", end, 1000);
        }
    }

    void remove(Entry entry) {
        remove(entry.kind(), entry.when(), entry.id());
    }

    private static Entry entry(Kind kind, String key) {
        int time = kind.name().length() + 1;
        return new Entry(
                kind,
                Instant.ofEpochMilli(HexFormat.fromHexDigitsToLong(key, time, time + 16)),
                key.substring(time + 17));
    }

    private static String key(Kind kind, Instant when, String id) {
        return kind.name() + " " + Table.sortable(when.toEpochMilli()) + " " + id;
    }

    /// Something that is due.
    record Entry(Kind kind, Instant when, String id) {}
}
