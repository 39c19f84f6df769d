package io.penstock.router.batches;

import io.penstock.router.batches.input.Twins;
import io.penstock.router.batches.progress.LineSet;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.End;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// What is needed to answer twins: the original of each line (16 KiB per 4,096 lines that have some), the
/// twins that wait for their original with their `custom_id`, the answers of originals, and which of those are
/// due to be handed on.
final class TwinStore {
    private static final String ORIGINALS = "twins";
    private static final String ANSWERS = "twin-answers";
    private static final String DUE = "twin-due";
    private static final byte[] MARK = {1};

    private final KeyValueStore<byte[], byte[]> store;
    /// Which originals' answers are due, and from which twin on: scanning for them would go over all the rows
    /// that were deleted before.
    private final Map<BatchId, Map<Integer, Integer>> due = new HashMap<>();
    private @Nullable Chunk latest;

    @SuppressWarnings("ArrayRecordComponent") // read here only, never compared
    private record Chunk(BatchId batch, int number, int[] originals) {}

    TwinStore(KeyValueStore<byte[], byte[]> store) {
        this.store = store;
    }

    /// The answer of `original` is due to its twins from line `from` on.
    record Due(int original, int from) {
        private static Due of(Map.Entry<Integer, Integer> entry) {
            return new Due(entry.getKey(), entry.getValue());
        }
    }

    /// A line that waits for its original's answer.
    record Waiting(int line, String customId) {}

    /// How an original ended, and its output line.
    @SuppressWarnings("ArrayRecordComponent") // from the store to one reader
    record Answer(End end, byte[] line) {}

    /// Remembers which of the first `lines` lines are twins, and of which.
    void put(BatchId batch, Twins twins, int lines) {
        for (int chunk = 0; chunk < LineSet.chunksOf(lines); chunk++) {
            int[] originals = twins.originalsOf(chunk * LineSet.LINES, LineSet.LINES);
            if (Arrays.stream(originals).anyMatch(original -> original > 0)) {
                ByteBuffer row = ByteBuffer.allocate(Integer.BYTES * originals.length);
                Arrays.stream(originals).forEach(row::putInt);
                store.put(StoreKeys.of(batch, ORIGINALS, chunk), row.array());
            }
        }
    }

    /// The original of `line`, 0 if it is no twin.
    int originalOf(BatchId batch, int line) {
        int number = LineSet.chunkOf(line);
        Chunk chunk = latest;
        if (chunk == null || chunk.number() != number || !chunk.batch().equals(batch)) {
            chunk = new Chunk(batch, number, originals(batch, number));
            latest = chunk;
        }
        return chunk.originals()[(line - 1) % LineSet.LINES];
    }

    private int[] originals(BatchId batch, int chunk) {
        int[] originals = new int[LineSet.LINES];
        byte[] row = store.get(StoreKeys.of(batch, ORIGINALS, chunk));
        if (row != null) {
            ByteBuffer.wrap(row).asIntBuffer().get(originals);
        }
        return originals;
    }

    /// Lets a twin wait for the answer of `original`.
    void await(BatchId batch, int original, Waiting twin) {
        store.put(
                StoreKeys.of(batch, waiting(original), twin.line()),
                twin.customId().getBytes(StandardCharsets.UTF_8));
    }

    /// Keeps how `original` ended.
    void answered(BatchId batch, int original, Answer answer) {
        byte[] end = answer.end().wireName().getBytes(StandardCharsets.US_ASCII);
        byte[] row = ByteBuffer.allocate(1 + end.length + answer.line().length)
                .put((byte) end.length)
                .put(end)
                .put(answer.line())
                .array();
        store.put(StoreKeys.of(batch, ANSWERS, original), row);
    }

    /// The answer of `original`; it must have ended.
    Answer answer(BatchId batch, int original) {
        byte[] row = store.get(StoreKeys.of(batch, ANSWERS, original));
        if (row == null) {
            throw new IllegalStateException("line " + original + " of " + batch + " has ended without its answer");
        }
        int start = 1 + row[0];
        String end = new String(row, 1, row[0], StandardCharsets.US_ASCII);
        return new Answer(End.parse(end), Arrays.copyOfRange(row, start, row.length));
    }

    void dropAnswer(BatchId batch, int original) {
        store.delete(StoreKeys.of(batch, ANSWERS, original));
    }

    /// Notes that twins from line `from` on may wait for `original`, which has ended.
    void due(BatchId batch, int original, int from) {
        store.put(StoreKeys.of(batch, DUE, original), MARK);
        due.computeIfAbsent(batch, _ -> new LinkedHashMap<>()).merge(original, from, Math::min);
    }

    /// Finds out which answers of an unfinished batch are due.
    void recover(BatchId batch) {
        try (KeyValueIterator<byte[], byte[]> rows = range(batch, DUE, 0)) {
            while (rows.hasNext()) {
                int original = (int) StoreKeys.number(rows.next().key);
                due.computeIfAbsent(batch, _ -> new LinkedHashMap<>()).put(original, 0);
            }
        }
    }

    /// The next answer that is due, null if none is.
    @Nullable
    Due nextDue(BatchId batch) {
        Map<Integer, Integer> all = due.getOrDefault(batch, Map.of());
        return all.isEmpty() ? null : Due.of(all.entrySet().iterator().next());
    }

    /// Notes that the twins of `original` before line `from` are answered.
    void answeredUpTo(BatchId batch, int original, int from) {
        due.getOrDefault(batch, new HashMap<>()).put(original, from);
    }

    /// Notes that no twin waits for `original` now.
    void done(BatchId batch, int original) {
        store.delete(StoreKeys.of(batch, DUE, original));
        due.getOrDefault(batch, new HashMap<>()).remove(original);
    }

    /// Forgets what is due of a batch that has ended.
    void ended(BatchId batch) {
        due.remove(batch);
    }

    /// Up to `limit` of the twins for which `next` is due, in the order of their lines.
    List<Waiting> waitingFor(BatchId batch, Due next, int limit) {
        List<Waiting> lines = new ArrayList<>();
        try (KeyValueIterator<byte[], byte[]> rows = range(batch, waiting(next.original()), next.from())) {
            while (lines.size() < limit && rows.hasNext()) {
                KeyValue<byte[], byte[]> row = rows.next();
                lines.add(new Waiting((int) StoreKeys.number(row.key), new String(row.value, StandardCharsets.UTF_8)));
            }
        }
        return lines;
    }

    void dropWaiting(BatchId batch, int original, int line) {
        store.delete(StoreKeys.of(batch, waiting(original), line));
    }

    /// Forgets up to `limit` rows of the batch; returns how many.
    int drop(BatchId batch, int limit) {
        return StoreKeys.drop(store, batch, limit);
    }

    private static String waiting(int original) {
        return "twins-of-" + original;
    }

    private KeyValueIterator<byte[], byte[]> range(BatchId batch, String part, int from) {
        return store.range(StoreKeys.of(batch, part, from), StoreKeys.of(batch, part, Integer.MAX_VALUE));
    }
}
