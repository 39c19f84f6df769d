package io.penstock.router.batches;

import io.penstock.router.batches.progress.LineSet;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.End;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/// Which lines of a batch have ended, how, and why they failed; which ones a retry runs; which are refused for
/// what other lines hold, are blank, have twins, or a deadline of their own: sets of lines in chunks of 4,096, read
/// when they are needed. One more line writes one chunk of each set it is put into, 512 bytes; Kafka Streams' cache
/// keeps those in use in memory.
final class LineMarks {
    private static final String ENDED = "ended";
    private static final String RETRIED = "retried";
    private static final String ORIGINALS = "originals";
    private static final String BLANK = "blank";
    private static final String OWN_DEADLINE = "own-deadline";
    private static final String CODE = "code:";
    private static final String REFUSED = "refused:";
    /// What a retry takes over of lines that it does not run.
    private static final Set<String> ENDS =
            Set.of(ENDED, End.FAILED.wireName(), End.EXPIRED.wireName(), End.CANCELLED.wireName());

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

    /// Remembers the lines to be refused with `code`, where bit 0 stands for line 1.
    void refuse(BatchId batch, String code, BitSet lines) {
        putAll(batch, REFUSED + code, lines);
    }

    /// True if `line` is to be refused with `code`.
    boolean isRefused(BatchId batch, String code, int line) {
        return chunk(batch, REFUSED + code, LineSet.chunkOf(line)).contains(line);
    }

    /// Remembers the lines that have twins, where bit 0 stands for line 1.
    void originals(BatchId batch, BitSet lines) {
        putAll(batch, ORIGINALS, lines);
    }

    /// True if `line` has twins.
    boolean hasTwins(BatchId batch, int line) {
        return chunk(batch, ORIGINALS, LineSet.chunkOf(line)).contains(line);
    }

    /// Remembers the lines that hold nothing, where bit 0 stands for line 1.
    void blank(BatchId batch, BitSet lines) {
        putAll(batch, BLANK, lines);
    }

    /// True if `line` holds nothing.
    boolean isBlank(BatchId batch, int line) {
        return chunk(batch, BLANK, LineSet.chunkOf(line)).contains(line);
    }

    /// Remembers that `line` has a deadline of its own.
    void ownDeadline(BatchId batch, int line) {
        add(batch, OWN_DEADLINE, line);
    }

    /// True if `line` has a deadline of its own.
    boolean hasOwnDeadline(BatchId batch, int line) {
        return chunk(batch, OWN_DEADLINE, LineSet.chunkOf(line)).contains(line);
    }

    /// Gives `retry` the refusals among a chunk of `parent`.
    void inheritRefusals(BatchId retry, BatchId parent, int chunk, List<String> codes) {
        for (String code : codes) {
            LineSet refused = chunk(parent, REFUSED + code, chunk);
            if (!refused.isEmpty()) {
                put(retry, REFUSED + code, chunk, refused);
            }
        }
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
            if ((ENDS.contains(set) || set.startsWith(CODE)) && !kept.isEmpty()) {
                put(retry, set, chunk, chunk(retry, set, chunk).or(kept));
            }
        }
    }

    /// Forgets up to `limit` chunks of the batch; returns how many.
    int drop(BatchId batch, int limit) {
        return StoreKeys.drop(store, batch, limit);
    }

    private static String codeSet(String code) {
        return CODE + code;
    }

    private LineSet chunk(BatchId batch, String set, int chunk) {
        byte[] bits = store.get(StoreKeys.of(batch, set, chunk));
        return bits == null ? LineSet.NONE : LineSet.of(bits);
    }

    private void add(BatchId batch, String set, int line) {
        int chunk = LineSet.chunkOf(line);
        put(batch, set, chunk, chunk(batch, set, chunk).with(line));
    }

    private void putAll(BatchId batch, String set, BitSet lines) {
        for (int chunk = 0; chunk < LineSet.chunksOf(lines.length()); chunk++) {
            LineSet part = LineSet.of(lines, chunk);
            if (!part.isEmpty()) {
                put(batch, set, chunk, part);
            }
        }
    }

    private void put(BatchId batch, String set, int chunk, LineSet lines) {
        store.put(StoreKeys.of(batch, set, chunk), lines.bytes());
    }
}
