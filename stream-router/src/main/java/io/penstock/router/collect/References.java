package io.penstock.router.collect;

import io.penstock.topics.record.StoredFile.Segment;
import java.time.Instant;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/// Who holds which blob. A blob that the last one lets go is condemned, one that somebody holds again is
/// not any more.
final class References {
    private final CollectStores stores;

    References(CollectStores stores) {
        this.stores = stores;
    }

    /// Record `key` now holds what `after` says, null if it is gone.
    void changed(String key, @Nullable Holder after, Instant now) {
        Holder before = stores.holders().get(key);
        if (after != null) {
            stores.holders().put(key, after);
            for (Segment segment : after.segments()) {
                stores.references().put(row(segment.blob(), key), "");
                stores.condemned().delete(segment.blob());
            }
        } else if (before != null) {
            stores.holders().delete(key);
        }
        for (Segment segment : Holder.released(before, after)) {
            stores.references().delete(row(segment.blob(), key));
            if (!isHeld(segment.blob())) {
                condemn(segment.blob(), segment.bytes(), now);
            }
        }
    }

    /// True if any record holds the blob.
    boolean isHeld(String blob) {
        return isHeldByAnother(blob, "");
    }

    /// True if a record other than `key` holds the blob.
    boolean isHeldByAnother(String blob, String key) {
        try (KeyValueIterator<String, String> rows = stores.references().range(blob + " ", blob + "!")) {
            while (rows.hasNext()) {
                if (!rows.next().key.equals(row(blob, key))) {
                    return true;
                }
            }
            return false;
        }
    }

    /// True while the grace of the blob runs.
    boolean isCondemned(String blob) {
        return stores.condemned().get(blob) != null;
    }

    /// Lets the grace of a blob begin that nobody holds, unless it has.
    void condemn(String blob, long bytes, Instant now) {
        stores.condemned().putIfAbsent(blob, new Condemned(now, bytes));
    }

    private static String row(String blob, String key) {
        return blob + " " + key;
    }
}
