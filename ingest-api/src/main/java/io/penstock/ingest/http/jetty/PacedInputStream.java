package io.penstock.ingest.http.jetty;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/// A body that must keep a least pace: `grace`, then `bytesPerSecond`. A byte a second would otherwise
/// hold a connection, and an upload's staging file, for ever.
final class PacedInputStream extends FilterInputStream {
    private final long graceNanos;
    private final int bytesPerSecond;
    private final long startedNanos = System.nanoTime();
    private long bytes;

    PacedInputStream(InputStream in, Duration grace, int bytesPerSecond) {
        super(in);
        this.graceNanos = grace.toNanos();
        this.bytesPerSecond = bytesPerSecond;
    }

    @Override
    public int read() throws IOException {
        return paced(super.read(), 1);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        return paced(read, read);
    }

    private int paced(int result, int read) throws IOException {
        bytes += Math.max(0, read);
        if (System.nanoTime() - startedNanos > graceNanos + bytes * 1_000_000_000L / bytesPerSecond) {
            throw new IOException("the body came slower than " + bytesPerSecond + " bytes a second");
        }
        return result;
    }
}
