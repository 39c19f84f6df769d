package io.penstock.router.batches;

import io.penstock.router.batches.progress.OutputKind;
import io.penstock.router.batches.progress.SegmentLines.NumberedLine;
import io.penstock.topics.id.BatchId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/// Output lines that wait in the state store to be written: by batch, file, and number in that file;
/// each with the number of its input line before it.
final class OutputLines {
    private final KeyValueStore<byte[], byte[]> store;

    OutputLines(KeyValueStore<byte[], byte[]> store) {
        this.store = store;
    }

    void keep(BatchId batch, OutputKind kind, long number, int line, byte[] bytes) {
        byte[] row = ByteBuffer.allocate(Integer.BYTES + bytes.length)
                .putInt(line)
                .put(bytes)
                .array();
        store.put(key(batch, kind, number), row);
    }

    /// The lines from number `from` up to, not including, `to`, in order, but no more once they have
    /// `maxBytes` bytes together; at least one.
    List<NumberedLine> read(BatchId batch, OutputKind kind, long from, long to, long maxBytes) {
        List<NumberedLine> lines = new ArrayList<>();
        long bytes = 0;
        try (KeyValueIterator<byte[], byte[]> rows = store.range(key(batch, kind, from), key(batch, kind, to - 1))) {
            while (rows.hasNext() && bytes < maxBytes) {
                ByteBuffer row = ByteBuffer.wrap(rows.next().value);
                int line = row.getInt();
                byte[] content = new byte[row.remaining()];
                row.get(content);
                lines.add(new NumberedLine(line, content));
                bytes += content.length;
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
        return StoreKeys.of(batch, kind.name().toLowerCase(Locale.ROOT), number);
    }
}
