package io.penstock.router.batches;

import io.penstock.router.batches.progress.OutputKind;
import io.penstock.topics.id.BatchId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/// Output lines that wait in the state store to be written: by batch, file, and number in that file.
final class OutputLines {
    private final KeyValueStore<byte[], byte[]> store;

    OutputLines(KeyValueStore<byte[], byte[]> store) {
        this.store = store;
    }

    void keep(BatchId batch, OutputKind kind, long number, byte[] line) {
        store.put(key(batch, kind, number), line);
    }

    /// The lines from number `from` up to, not including, `to`, in order, but no more once they have
    /// `maxBytes` bytes together; at least one.
    List<byte[]> read(BatchId batch, OutputKind kind, long from, long to, long maxBytes) {
        List<byte[]> lines = new ArrayList<>();
        long bytes = 0;
        try (KeyValueIterator<byte[], byte[]> rows = store.range(key(batch, kind, from), key(batch, kind, to - 1))) {
            while (rows.hasNext() && bytes < maxBytes) {
                KeyValue<byte[], byte[]> row = rows.next();
                lines.add(row.value);
                bytes += row.value.length;
            }
        }
        return lines;
    }

    /// Drops the `count` lines from number `from` on.
    void drop(BatchId batch, OutputKind kind, long from, int count) {
        for (long number = from; number < from + count; number++) {
            store.delete(key(batch, kind, number));
        }
    }

    private static byte[] key(BatchId batch, OutputKind kind, long number) {
        byte[] id = batch.value().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(id.length + 1 + Long.BYTES)
                .put(id)
                .put((byte) (kind == OutputKind.OUTPUT ? 'o' : 'e'))
                .putLong(number)
                .array();
    }
}
