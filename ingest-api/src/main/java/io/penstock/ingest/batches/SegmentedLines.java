package io.penstock.ingest.batches;

import io.penstock.payload.BlobId;
import io.penstock.payload.PayloadStore;
import io.penstock.topics.record.StoredFile.Segment;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/// The lines of a file that is a list of segments; each segment ends with a line feed.
record SegmentedLines(PayloadStore store, List<Segment> segments) {
    private static final int BUFFER_BYTES = 64 * 1024;

    SegmentedLines {
        segments = List.copyOf(segments);
    }

    /// The file's size in bytes.
    long bytes() {
        return segments.stream().mapToLong(Segment::bytes).sum();
    }

    /// Lines up to byte `end`, `count` of them.
    record Span(long end, int count) {}

    /// True if a line begins at byte `offset`, or would if there were one.
    boolean isLineStart(long offset) throws IOException {
        long start = 0;
        for (Segment segment : segments) {
            if (offset > start && offset < start + segment.bytes()) {
                return store.readRange(new BlobId(segment.blob()), offset - start - 1, 1)[0] == '\n';
            }
            start += segment.bytes();
        }
        return true;
    }

    /// Up to `limit` lines from byte `from` on.
    Span lines(long from, int limit) throws IOException {
        Counter counter = new Counter(from, limit);
        each(from, bytes(), counter);
        return new Span(counter.end, counter.count);
    }

    /// Writes the bytes from `from` up to, not including, `to`.
    void copy(long from, long to, OutputStream out) throws IOException {
        each(from, to, (buffer, length) -> {
            out.write(buffer, 0, length);
            return true;
        });
    }

    /// Takes bytes as they come; false if no more are wanted.
    @FunctionalInterface
    private interface Sink {
        boolean take(byte[] buffer, int length) throws IOException;
    }

    private static final class Counter implements Sink {
        private final int limit;
        private long read;
        private long end;
        private int count;

        private Counter(long from, int limit) {
            this.read = from;
            this.end = from;
            this.limit = limit;
        }

        @Override
        public boolean take(byte[] buffer, int length) {
            for (int i = 0; i < length && count < limit; i++) {
                if (buffer[i] == '\n') {
                    count++;
                    end = read + i + 1;
                }
            }
            read += length;
            return count < limit;
        }
    }

    private void each(long from, long to, Sink sink) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long start = 0;
        for (Segment segment : segments) {
            long first = Math.max(from, start) - start;
            long length = Math.min(to - start, segment.bytes()) - first;
            if (length > 0 && !each(segment, first, length, buffer, sink)) {
                return;
            }
            start += segment.bytes();
        }
    }

    private boolean each(Segment segment, long first, long length, byte[] buffer, Sink sink) throws IOException {
        try (InputStream in = store.read(new BlobId(segment.blob()), first, length)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!sink.take(buffer, read)) {
                    return false;
                }
            }
        }
        return true;
    }
}
