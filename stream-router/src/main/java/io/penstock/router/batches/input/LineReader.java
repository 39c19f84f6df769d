package io.penstock.router.batches.input;

import io.penstock.topics.record.StoredFile.Segment;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a stored file line by line from a cursor, holding one window of it in memory.
///
/// Lines end with LF or CRLF; the last one may end without. No line spans two segments: a segment's end
/// ends its last line. A byte order mark at the file's start is not part of the first line.
public final class LineReader {
    /// Bytes read at once: large enough that an object store's round trip (~30 ms) is shared by
    /// hundreds of lines.
    private static final int WINDOW_BYTES = 1 << 20;

    private final RangeReader store;
    private final List<Segment> segments;
    private final int maxLineBytes;
    private Cursor cursor;
    private byte[] window = new byte[0];
    private int start;

    /// A reader of `segments` from `cursor` on; lines longer than `maxLineBytes` are skipped and
    /// reported.
    public LineReader(RangeReader store, List<Segment> segments, int maxLineBytes, Cursor cursor) {
        this.store = store;
        this.segments = segments;
        this.maxLineBytes = maxLineBytes;
        this.cursor = cursor;
    }

    /// The place behind the last line returned: a new reader that starts there goes on with the next
    /// one.
    public Cursor cursor() {
        return cursor;
    }

    /// The next line, or null at the file's end. After an IOException the same line is tried again.
    public @Nullable Line next() throws IOException {
        while (cursor.segment() < segments.size()) {
            Segment segment = segments.get(cursor.segment());
            if (cursor.offset() < segment.bytes()) {
                return line(segment);
            }
            cursor = cursor.nextSegment();
            window = new byte[0];
            start = 0;
        }
        return null;
    }

    private Line line(Segment segment) throws IOException {
        long left = segment.bytes() - cursor.offset();
        int end = lineFeed();
        while (end < 0) {
            if (available() >= left) {
                return taken(segment, window.length, window.length);
            }
            if (available() > maxLineBytes + 2) {
                return skipped(segment);
            }
            window = read(segment, cursor.offset(), Math.max(WINDOW_BYTES, 2L * available()));
            start = 0;
            end = lineFeed();
        }
        return taken(segment, end, end + 1);
    }

    /// The line that lies in the window up to `end`; the next one starts at `next`.
    private Line taken(Segment segment, int end, int next) {
        int from = start + byteOrderMark();
        int to = end > from && window[end - 1] == '\r' ? end - 1 : end;
        Cursor before = cursor;
        int number = before.line() + 1;
        Line line = to - from > maxLineBytes
                ? new Line.TooLong(number, to - from)
                : new Line.Text(
                        number, segment.blob(), before.offset() + (from - start), Arrays.copyOfRange(window, from, to));
        cursor = before.pastLineOf(next - start);
        start = next;
        return line;
    }

    /// Passes over a line that does not fit the window.
    private Line skipped(Segment segment) throws IOException {
        long offset = cursor.offset() + available();
        int feed = -1;
        byte[] part = new byte[0];
        while (feed < 0 && offset < segment.bytes()) {
            part = read(segment, offset, WINDOW_BYTES);
            feed = indexOfLineFeed(part, 0);
            offset += feed < 0 ? part.length : feed + 1;
        }
        long bytes = offset - cursor.offset();
        cursor = cursor.pastLineOf(bytes);
        window = part;
        start = feed < 0 ? part.length : feed + 1;
        return new Line.TooLong(cursor.line(), bytes);
    }

    private byte[] read(Segment segment, long offset, long wantedBytes) throws IOException {
        int length = Math.toIntExact(Math.min(wantedBytes, segment.bytes() - offset));
        byte[] bytes = store.read(segment.blob(), offset, length);
        if (bytes.length != length) {
            throw new IOException(
                    "blob " + segment.blob() + " gave " + bytes.length + " of " + length + " bytes at " + offset);
        }
        return bytes;
    }

    private int available() {
        return window.length - start;
    }

    private int lineFeed() {
        return indexOfLineFeed(window, start);
    }

    private static int indexOfLineFeed(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private int byteOrderMark() {
        boolean fileStart = cursor.segment() == 0 && cursor.offset() == 0;
        return fileStart
                        && available() >= 3
                        && window[start] == (byte) 0xEF
                        && window[start + 1] == (byte) 0xBB
                        && window[start + 2] == (byte) 0xBF
                ? 3
                : 0;
    }
}
