package io.penstock.router.batches;

import io.penstock.router.batches.progress.LineSet;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.End;
import org.apache.kafka.streams.state.KeyValueStore;

/// Which lines of a batch have ended, and how: sets of lines in chunks of 4,096, read when they are
/// needed. One more line writes one chunk of each set it is put into, 512 bytes; Kafka Streams' cache
/// keeps those in use in memory.
final class LineMarks {
    private static final String ENDED = "ended";

    private final KeyValueStore<byte[], byte[]> store;

    LineMarks(KeyValueStore<byte[], byte[]> store) {
        this.store = store;
    }

    /// True if `line` of the batch has ended.
    boolean hasEnded(BatchId batch, int line) {
        return chunk(batch, ENDED, LineSet.chunkOf(line)).contains(line);
    }

    /// Remembers that `line` ended so.
    void mark(BatchId batch, int line, End end) {
        add(batch, ENDED, line);
        if (end != End.COMPLETED) {
            add(batch, end.wireName(), line);
        }
    }

    /// The lines of a chunk that did not end well.
    LineSet erroneous(BatchId batch, int chunk) {
        LineSet all = LineSet.NONE;
        for (End end : End.values()) {
            all = end == End.COMPLETED ? all : all.or(chunk(batch, end.wireName(), chunk));
        }
        return all;
    }

    /// Forgets up to `limit` chunks of the batch; returns how many.
    int drop(BatchId batch, int limit) {
        return StoreKeys.drop(store, batch, limit);
    }

    private LineSet chunk(BatchId batch, String set, int chunk) {
        byte[] bits = store.get(StoreKeys.of(batch, set, chunk));
        return bits == null ? LineSet.NONE : LineSet.of(bits);
    }

    private void add(BatchId batch, String set, int line) {
        int chunk = LineSet.chunkOf(line);
        store.put(
                StoreKeys.of(batch, set, chunk),
                chunk(batch, set, chunk).with(line).bytes());
    }
}
