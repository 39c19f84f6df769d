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

/// Notices that an HTTP/1.1 client has gone while its answer is being made, which a server that only
/// writes never does: it asks the selector for the next readable event, reads, and at the end of the
/// stream runs `gone`.
///
/// It reads one byte at most, as Go's server does: a byte is the first of a pipelined next request, is
/// given back to the connection, and ends the watch. For that byte there is always room, since the
/// connection's buffer has been read from; for more there need not be. The watch must be closed before
/// the last write of the answer. `getFillInterest` is public but no documented extension point, hence
/// `ExchangeContractTest` and `PipeliningTest`.
final class DisconnectWatch implements AutoCloseable {
    private final Connection connection;
    private final EndPoint endPoint;
    private final Runnable gone;
    private final ByteBuffer early = BufferUtil.allocate(1);
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
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        if (endPoint instanceof AbstractEndPoint watched) {
            watched.getFillInterest().onFail(new CancellationException("the exchange is over"));
        }
        if (early.hasRemaining() && connection instanceof Connection.UpgradeTo next) {
            next.onUpgradeTo(early);
        }
        if (early.hasRemaining()) {
            endPoint.close(new IOException("no room for the first byte of a pipelined request"));
        }
    }

    private synchronized void readable() {
        if (closed) {
            return;
        }
        int read;
        try {
            read = endPoint.fill(early);
        } catch (IOException _) {
            read = -1;
        }
        if (read < 0) {
            gone.run();
        } else if (read == 0) {
            start();
        }
    }

    private synchronized void failed() {
        if (!closed) {
            gone.run();
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
