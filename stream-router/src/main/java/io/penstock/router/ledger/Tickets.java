package io.penstock.router.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.router.ledger.store.KeyedStore;
import io.penstock.router.ledger.store.Table;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Puller;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tickets of all pullers: which are live, and what those need that their puller has not yet seen.
/// A ticket stays until its request has left it and its puller has seen it, whichever is later.
final class Tickets {
    /// A ticket; `id` is null once its request has left it.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Entry(@Nullable RequestId id, long need) {}

    private final Table<Entry> table;

    Tickets(KeyedStore store) {
        this.table = new Table<>(store, "ticket", Entry.class);
    }

    /// Hands every ticket to `each`, by puller and in the order of their numbers.
    void forEach(Reader each) {
        table.forEach((key, entry) -> {
            int number = key.lastIndexOf(' ');
            each.read(key.substring(0, number), HexFormat.fromHexDigitsToLong(key, number + 1, key.length()), entry);
        });
    }

    /// Takes a ticket of the puller with key `pullerKey`.
    interface Reader {
        /// Takes one.
        void read(String pullerKey, long number, Entry entry);
    }

    void issue(Assignment to, RequestId id, long need) {
        table.put(key(to), new Entry(id, need));
    }

    /// The request of `of` has left it; the ticket stays only if the puller `hasYetToSee` it.
    void release(Assignment of, boolean hasYetToSee) {
        Entry entry = hasYetToSee ? table.get(key(of)) : null;
        if (entry == null) {
            table.delete(key(of));
        } else {
            table.put(key(of), new Entry(null, entry.need()));
        }
    }

    /// Up to `limit` requests that `puller` holds. Those that ended unseen lie between them, at most
    /// one pull's worth.
    List<RequestId> heldBy(Puller puller, int limit) {
        List<RequestId> held = new ArrayList<>();
        for (Entry entry : table.values(puller.key() + " ", puller.key() + " " + Table.END, Integer.MAX_VALUE)) {
            if (entry.id() != null && held.size() < limit) {
                held.add(entry.id());
            }
        }
        return held;
    }

    /// Drops the tickets from `from` to `to` that no request holds any more: their puller has seen
    /// them.
    void seen(Puller puller, long from, long to) {
        String start = puller.key() + " ";
        for (String key : table.keys(start + Table.sortable(from), start + Table.sortable(to), Integer.MAX_VALUE)) {
            Entry entry = table.get(key);
            if (entry != null && entry.id() == null) {
                table.delete(key);
            }
        }
    }

    private static String key(Assignment of) {
        return of.puller().key() + " " + Table.sortable(of.ticket());
    }
}
