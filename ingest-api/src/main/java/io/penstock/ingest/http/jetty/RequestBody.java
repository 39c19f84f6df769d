package io.penstock.ingest.http.jetty;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.HttpServerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;

/// A request's body as a blocking stream that must keep a least pace: a byte a second would otherwise
/// hold a connection, and an upload's staging file, for ever.
///
/// What counts is the time spent waiting for the client, so that neither a handler that begins to read
/// late nor a slow disk is laid at its door: a grace of `headTimeout`, and then one second for every
/// `bodyBytesPerSecond` that came. For one thread.
final class RequestBody extends InputStream {
    private static final int DISCARDED_BYTES_MAX = 64 * 1024;

    private final Request request;
    private final HttpServerConfig config;
    private final Runnable gone;
    private final Semaphore available = new Semaphore(0);
    private Content.@Nullable Chunk chunk;
    private boolean ended;
    private boolean broken;
    private boolean discarded;
    private long bytes;
    private long waitedNanos;

    /// `gone` is run if the client turns out to be gone.
    RequestBody(Request request, HttpServerConfig config, Runnable gone) {
        this.request = request;
        this.config = config;
        this.gone = gone;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (discarded) {
            throw new IllegalStateException("the answer was begun before the body was read to its end");
        }
        while (!isEnded()) {
            Content.Chunk content = chunk;
            if (content == null) {
                await();
            } else if (Content.Chunk.isFailure(content)) {
                throw failed(content.getFailure());
            } else {
                int taken = content.get(into, offset, length);
                bytes += taken;
                return taken;
            }
        }
        return -1;
    }

    /// True if all was read, or there is nothing to read. Does not block, and does not ask the client to
    /// continue.
    boolean isEnded() {
        while (!ended && !broken) {
            if (chunk == null) {
                chunk = request.read();
            }
            Content.Chunk content = chunk;
            if (content == null || Content.Chunk.isFailure(content) || content.hasRemaining()) {
                return false;
            }
            ended = content.isLast();
            release();
        }
        return ended;
    }

    /// True if nothing is left unread after discarding what has come already, 64 KiB at most.
    boolean isDrained() {
        for (int skipped = 0; !isEnded(); release()) {
            discarded = true;
            Content.Chunk content = chunk;
            if (content == null || Content.Chunk.isFailure(content) || skipped > DISCARDED_BYTES_MAX) {
                return false;
            }
            skipped += content.remaining();
            ended = content.isLast();
        }
        return true;
    }

    /// Gives back what was not read.
    void release() {
        if (chunk != null) {
            chunk.release();
            chunk = null;
        }
    }

    private void await() throws IOException {
        int pace = config.bodyBytesPerSecond();
        long earned = TimeUnit.SECONDS.toNanos(bytes / pace) + TimeUnit.SECONDS.toNanos(bytes % pace) / pace;
        long leftNanos = config.headTimeout().toNanos() + earned - waitedNanos;
        if (leftNanos <= 0) {
            throw tooSlow();
        }
        long before = System.nanoTime();
        request.demand(Invocable.from(InvocationType.NON_BLOCKING, available::release));
        try {
            if (!available.tryAcquire(leftNanos, TimeUnit.NANOSECONDS)) {
                throw tooSlow();
            }
        } catch (InterruptedException e) {
            broken = true;
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading the request's body", e);
        }
        waitedNanos += System.nanoTime() - before;
    }

    private ApiException tooSlow() {
        broken = true;
        return new ApiException(
                ErrorKind.BODY_TOO_SLOW,
                "The request body came slower than " + config.bodyBytesPerSecond()
                        + " bytes a second (setting http.body.min.bytes.per.second).");
    }

    private IOException failed(Throwable failure) {
        broken = true;
        if (failure instanceof TimeoutException) {
            throw tooSlow();
        }
        if (failure instanceof HttpException malformed) {
            throw new ApiException(
                    ErrorKind.BAD_REQUEST, "The request body cannot be read: " + malformed.getReason() + ".");
        }
        gone.run();
        return new IOException("the client left before its body was read", failure);
    }
}
