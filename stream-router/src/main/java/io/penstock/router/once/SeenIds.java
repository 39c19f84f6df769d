package io.penstock.router.once;

import io.penstock.router.ledger.store.KeyedStore;
import io.penstock.router.ledger.store.Table;
import io.penstock.topics.id.RequestId;
import java.time.Instant;
import java.util.List;

/// The ids that were let through, and until when each is remembered: in the store alone, so that a
/// start reads nothing.
final class SeenIds {
    private static final int TIME_DIGITS = 16;

    private final Table<String> seen;
    private final Table<String> until;

    SeenIds(KeyedStore store) {
        this.seen = new Table<>(store, "seen", String.class);
        this.until = new Table<>(store, "until", String.class);
    }

    /// True if `id` is not remembered; it is from now on, until `forgetAt` or a little longer.
    boolean isFirst(RequestId id, Instant forgetAt) {
        if (seen.contains(id.value())) {
            return false;
        }
        seen.mark(id.value());
        until.mark(Table.sortable(forgetAt.toEpochMilli()) + " " + id.value());
        return true;
    }

    /// Forgets what is due at `now`, `limit` ids at most.
    void sweep(Instant now, int limit) {
        List<String> due = until.keys("", Table.sortable(now.toEpochMilli()) + Table.END, limit);
        for (String key : due) {
            seen.delete(key.substring(TIME_DIGITS + 1));
            until.delete(key);
        }
    }
}
