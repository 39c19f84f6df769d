package io.penstock.router.batches.progress;

import java.nio.ByteBuffer;
import java.util.List;

/// Which input lines a segment of an output file answers, in the order they lie in it, and how long each
/// is there: 8 bytes a line, so that a line can be found without reading the segment.
public final class SegmentLines {
    private static final int ROW_BYTES = 2 * Integer.BYTES;

    private SegmentLines() {}

    /// The table for these output lines.
    public static byte[] table(List<NumberedLine> lines) {
        ByteBuffer table = ByteBuffer.allocate(ROW_BYTES * lines.size());
        lines.forEach(line -> table.putInt(line.line()).putInt(line.bytes().length));
        return table.array();
    }

    /// Calls `place` for each line of a table.
    public static void each(byte[] table, Place place) {
        ByteBuffer rows = ByteBuffer.wrap(table);
        int offset = 0;
        while (rows.hasRemaining()) {
            int line = rows.getInt();
            int length = rows.getInt();
            place.of(line, offset, length);
            offset += length + 1;
        }
    }

    /// An output line without its line feed, and the input line it answers.
    @SuppressWarnings("ArrayRecordComponent") // from a store to a writer, which only reads
    public record NumberedLine(int line, byte[] bytes) {}

    /// Takes where a line lies in its segment; its line feed is not part of its length.
    @FunctionalInterface
    public interface Place {
        void of(int line, int offset, int length);
    }
}
