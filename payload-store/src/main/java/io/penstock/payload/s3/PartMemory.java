package io.penstock.payload.s3;

import io.penstock.payload.PayloadStoreUnavailable;
import io.penstock.payload.s3.S3Config.S3Parts;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Room for the parts that writers fill. A writer keeps its room until it ends, so that one that has
/// begun is not starved by others.
final class PartMemory {
    private final S3Parts parts;
    private final Duration patience;
    private final Semaphore room;

    /// A writer waits for `patience`, then fails.
    PartMemory(S3Parts parts, Duration patience) {
        this.parts = parts;
        this.patience = patience;
        this.room = new Semaphore((int) Math.min(parts.memoryBytes() / parts.bytes(), Integer.MAX_VALUE), true);
    }

    int partBytes() {
        return parts.bytes();
    }

    void take() throws IOException {
        try {
            if (room.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting for memory");
            interrupted.initCause(e);
            throw interrupted;
        }
        String why = "too many payloads are being written: the memory of their parts, " + parts.memoryBytes()
                + " bytes (setting payload.s3.parts.memory.bytes), was in use for " + patience.toSeconds() + " s";
        throw new PayloadStoreUnavailable(why, new TimeoutException(why));
    }

    void giveBack() {
        room.release();
    }
}
