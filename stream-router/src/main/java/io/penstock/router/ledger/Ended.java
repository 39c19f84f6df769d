package io.penstock.router.ledger;

import io.penstock.router.ledger.store.KeyedStore;
import io.penstock.router.ledger.store.Table;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which requests have ended, so that a replay of them is recognised: a mark for each single request, a
/// bit for each batch line (4,096 lines to a value of 512 bytes).
///
/// A mark is dropped after its time; a batch's bits all together, an hour at most after the last of them
/// was due.
final class Ended {
    private static final int LINES_PER_CHUNK = 4096;
    private static final long HOUR_MS = Duration.ofHours(1).toMillis();

    private final KeyedStore store;
    private final Table<String> marks;
    private final Table<Long> batches;
    private final Agenda agenda;
    private final Map<BatchId, Long> hours = new HashMap<>();

    Ended(KeyedStore store, Agenda agenda) {
        this.store = store;
        this.marks = new Table<>(store, "ended", String.class);
        this.batches = new Table<>(store, "endedbatch", Long.class);
        this.agenda = agenda;
    }

    void recover() {
        hours.clear();
        batches.forEach((batch, hour) -> hours.put(new BatchId(batch), hour));
    }

    boolean contains(RequestId id) {
        BatchId batch = id.batch();
        if (batch == null) {
            return marks.contains(id.value());
        }
        byte[] chunk = store.get(chunkKey(batch, id.line()));
        return chunk != null && (chunk[byteOf(id.line())] & bitOf(id.line())) != 0;
    }

    /// True if a line of `batch` is remembered.
    boolean hasAnyOf(BatchId batch) {
        String start = "lines " + batch + " ";
        return !store.range(start, start + Table.END, 1).isEmpty();
    }

    /// Remembers until `forgetAt`, or a little longer, that `id` has ended.
    void add(RequestId id, Instant forgetAt) {
        BatchId batch = id.batch();
        if (batch == null) {
            marks.mark(id.value());
            agenda.add(Agenda.Kind.ENDED, forgetAt, id.value());
            return;
        }
        String key = chunkKey(batch, id.line());
        byte[] known = store.get(key);
        byte[] chunk = known == null ? new byte[LINES_PER_CHUNK / 8] : known.clone();
        chunk[byteOf(id.line())] |= (byte) bitOf(id.line());
        store.put(key, chunk);
        remember(batch, (forgetAt.toEpochMilli() / HOUR_MS + 1) * HOUR_MS);
    }

    private void remember(BatchId batch, long hourMs) {
        Long known = hours.get(batch);
        if (known == null || known < hourMs) {
            hours.put(batch, hourMs);
            batches.put(batch.value(), hourMs);
            agenda.add(Agenda.Kind.ENDED_BATCH, Instant.ofEpochMilli(hourMs), batch.value());
        }
    }

    void forget(RequestId id) {
        marks.delete(id.value());
    }

    /// Forgets up to `limit` values of `batch`, whose time `due` is; true if nothing of it is left to
    /// forget.
    boolean forget(BatchId batch, Instant due, int limit) {
        Long last = hours.get(batch);
        if (last != null && last > due.toEpochMilli()) {
            return true;
        }
        String start = "lines " + batch + " ";
        List<KeyedStore.Entry> chunks = store.range(start, start + Table.END, limit);
        chunks.forEach(chunk -> store.delete(chunk.key()));
        if (chunks.size() == limit) {
            return false;
        }
        hours.remove(batch);
        batches.delete(batch.value());
        return true;
    }

    private static String chunkKey(BatchId batch, int line) {
        return "lines " + batch + " " + Table.sortable((line - 1) / LINES_PER_CHUNK);
    }

    private static int byteOf(int line) {
        return ((line - 1) % LINES_PER_CHUNK) / 8;
    }

    private static int bitOf(int line) {
        return 1 << ((line - 1) % 8);
    }
}
