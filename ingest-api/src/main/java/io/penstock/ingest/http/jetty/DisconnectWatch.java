package io.penstock.ingest.http.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Notices that an HTTP/1.1 client has gone while its answer is being made, which a server that only
/// writes never does: it asks the selector for the next readable event, reads, and at the end of the
/// stream runs `gone`.
///
/// What it reads of a pipelined next request it gives back to the connection. It must be closed before
/// the last write of the answer. `getFillInterest` is public but no documented extension point, hence
/// `ExchangeContractTest`.
final class DisconnectWatch implements AutoCloseable {
    private static final int EARLY_BYTES_MAX = 4096;

    private final Connection connection;
    private final EndPoint endPoint;
    private final Runnable gone;
    private @Nullable ByteBuffer early;
    private boolean closed;

    DisconnectWatch(Request request, Runnable gone) {
        this.connection = request.getConnectionMetaData().getConnection();
        this.endPoint = connection.getEndPoint();
        this.gone = gone;
    }

    void start() {
        endPoint.tryFillInterested(new ReadInterest());
    }

    @Override
    public void close() {
        ByteBuffer pipelined;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            pipelined = early;
        }
        if (endPoint instanceof AbstractEndPoint watched) {
            watched.getFillInterest().onFail(new CancellationException("the exchange is over"));
        }
        if (pipelined != null && connection instanceof Connection.UpgradeTo next) {
            next.onUpgradeTo(pipelined);
        }
    }

    private synchronized void readable() {
        if (closed) {
            return;
        }
        ByteBuffer bytes = BufferUtil.allocate(EARLY_BYTES_MAX);
        int read;
        try {
            read = endPoint.fill(bytes);
        } catch (IOException _) {
            read = -1;
        }
        if (read < 0) {
            Thread.ofVirtual().name("gone").start(gone);
        } else if (read == 0) {
            start();
        } else {
            early = bytes;
        }
    }

    private synchronized void failed() {
        if (!closed) {
            Thread.ofVirtual().name("gone").start(gone);
        }
    }

    private final class ReadInterest implements Callback {
        @Override
        public void succeeded() {
            readable();
        }

        @Override
        public void failed(Throwable cause) {
            DisconnectWatch.this.failed();
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
