package io.penstock.router.batches;

import io.penstock.router.batches.progress.LineSet;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.End;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/// Which lines of a batch have ended, how, and why they failed; and which ones a retry runs: sets of lines
/// in chunks of 4,096, read when they are needed. One more line writes one chunk of each set it is put
/// into, 512 bytes; Kafka Streams' cache keeps those in use in memory.
final class LineMarks {
    private static final String ENDED = "ended";
    private static final String RETRIED = "retried";

    private final KeyValueStore<byte[], byte[]> store;

    LineMarks(KeyValueStore<byte[], byte[]> store) {
        this.store = store;
    }

    /// True if `line` of the batch has ended.
    boolean hasEnded(BatchId batch, int line) {
        return chunk(batch, ENDED, LineSet.chunkOf(line)).contains(line);
    }

    /// Remembers that `line` ended well.
    void completed(BatchId batch, int line) {
        add(batch, ENDED, line);
    }

    /// Remembers that `line` ended so, for the reason `code`.
    void failed(BatchId batch, int line, End end, String code) {
        add(batch, ENDED, line);
        add(batch, end.wireName(), line);
        add(batch, codeSet(code), line);
    }

    /// The lines of a chunk that ended so, not well.
    LineSet failed(BatchId batch, int chunk, End end) {
        return chunk(batch, end.wireName(), chunk);
    }

    /// The lines of a chunk that failed for the reason `code`.
    LineSet failed(BatchId batch, int chunk, String code) {
        return chunk(batch, codeSet(code), chunk);
    }

    /// Which lines of a chunk the retry `batch` runs.
    LineSet retried(BatchId batch, int chunk) {
        return chunk(batch, RETRIED, chunk);
    }

    void retry(BatchId batch, int chunk, LineSet lines) {
        put(batch, RETRIED, chunk, lines);
    }

    /// Gives `retry` the marks of all lines of `parent` that it does not run itself.
    void inherit(BatchId retry, BatchId parent) {
        List<KeyValue<byte[], byte[]>> rows = new ArrayList<>();
        try (KeyValueIterator<byte[], byte[]> all = StoreKeys.all(store, parent)) {
            all.forEachRemaining(rows::add);
        }
        for (KeyValue<byte[], byte[]> row : rows) {
            String set = StoreKeys.part(row.key);
            int chunk = (int) StoreKeys.number(row.key);
            LineSet kept = LineSet.of(row.value).minus(retried(retry, chunk));
            if (!set.equals(RETRIED) && !kept.isEmpty()) {
                put(retry, set, chunk, chunk(retry, set, chunk).or(kept));
            }
        }
    }

    /// Forgets up to `limit` chunks of the batch; returns how many.
    int drop(BatchId batch, int limit) {
        return StoreKeys.drop(store, batch, limit);
    }

    private static String codeSet(String code) {
        return "code:" + code;
    }

    private LineSet chunk(BatchId batch, String set, int chunk) {
        byte[] bits = store.get(StoreKeys.of(batch, set, chunk));
        return bits == null ? LineSet.NONE : LineSet.of(bits);
    }

    private void add(BatchId batch, String set, int line) {
        int chunk = LineSet.chunkOf(line);
        put(batch, set, chunk, chunk(batch, set, chunk).with(line));
    }

    private void put(BatchId batch, String set, int chunk, LineSet lines) {
        store.put(StoreKeys.of(batch, set, chunk), lines.bytes());
    }
}
