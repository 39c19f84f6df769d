package io.penstock.ingest.files;

import io.penstock.payload.BlobId;
import io.penstock.payload.PayloadMissing;
import io.penstock.payload.PayloadStore;
import io.penstock.topics.record.StoredFile.Segment;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A stretch of a file, read through its segments, one open at a time. Fails if a segment is gone or
/// shorter than the file's record says.
public final class SegmentInput extends InputStream {
    private final PayloadStore payloads;
    private final Iterator<Segment> segments;
    private @Nullable InputStream open;
    /// Bytes to skip before the next segment is read, to read of the open one, and to read at all.
    private long skip;

    private long openLeft;
    private long left;

    /// `length` bytes from byte `from`, which must lie within the segments.
    public SegmentInput(PayloadStore payloads, List<Segment> segments, long from, long length) {
        this.payloads = payloads;
        this.segments = segments.iterator();
        this.skip = from;
        this.left = length;
    }

    /// All of the segments.
    public static SegmentInput whole(PayloadStore payloads, List<Segment> segments) {
        long bytes = segments.stream().mapToLong(Segment::bytes).sum();
        return new SegmentInput(payloads, segments, 0, bytes);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        while (openLeft == 0) {
            openNext();
        }
        InputStream in = open;
        if (in == null) {
            throw new IllegalStateException("the stream is closed");
        }
        int read = in.read(bytes, offset, (int) Math.min(length, openLeft));
        if (read < 0) {
            throw new EOFException("a segment is shorter than its file's record says");
        }
        openLeft -= read;
        left -= read;
        return read;
    }

    private void openNext() throws IOException {
        close();
        if (!segments.hasNext()) {
            throw new EOFException("a file's segments are shorter than what was asked for");
        }
        Segment segment = segments.next();
        if (skip >= segment.bytes()) {
            skip -= segment.bytes();
            return;
        }
        openLeft = Math.min(segment.bytes() - skip, left);
        try {
            open = payloads.read(new BlobId(segment.blob()), skip, openLeft);
        } catch (PayloadMissing e) {
            throw new IOException("a file's content is gone from the payload store", e);
        }
        skip = 0;
    }

    @Override
    public void close() throws IOException {
        InputStream in = open;
        open = null;
        openLeft = 0;
        if (in != null) {
            in.close();
        }
    }
}
