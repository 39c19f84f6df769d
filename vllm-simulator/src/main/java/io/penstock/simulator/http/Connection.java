package io.penstock.simulator.http;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's connection. Its own virtual thread reads; each request is answered on another one,
/// while the reader waits for the next byte: that is how it sees at once that the client left. A client
/// that has already sent its next request is not watched meanwhile; one that closes only its sending
/// side counts as gone.
final class Connection implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final int LINGER_MILLIS = 2_000;

    private final Socket socket;
    private final HttpServer server;
    private volatile boolean busy;

    Connection(Socket socket, HttpServer server) {
        this.socket = socket;
        this.server = server;
    }

    @Override
    public void run() {
        try (socket) {
            socket.setTcpNoDelay(true);
            ConnectionInput in = new ConnectionInput(socket.getInputStream());
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 16 * 1024);
            try {
                serve(in, out);
            } catch (HttpProblem problem) {
                refuse(problem, in, out);
            }
        } catch (IOException e) {
            LOG.atDebug().setMessage("connection ended").setCause(e).log();
        } finally {
            server.ended(this);
        }
    }

    /// Whether a request is being answered.
    boolean isBusy() {
        return busy;
    }

    boolean staysOpenAfter(HttpRequest request) {
        return request.keepAlive() && server.isListening();
    }

    /// Closes with a TCP reset: lingering for zero seconds discards what was not sent.
    void reset() {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            LOG.atDebug()
                    .setMessage("connection was closed before it could be reset")
                    .log();
        }
        close();
    }

    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.atDebug().setMessage("closing a connection failed").setCause(e).log();
        }
    }

    private void serve(ConnectionInput in, OutputStream out) throws IOException, HttpProblem {
        RequestReader reader = new RequestReader(in, out);
        Optional<HttpRequest> request = reader.next();
        while (request.isPresent()) {
            busy = true;
            Exchange exchange = new Exchange(request.get(), this, out);
            Thread handler = Thread.ofVirtual().name("request").start(() -> answer(exchange));
            boolean clientStays = awaitNext(in);
            if (!clientStays) {
                exchange.clientGone().complete(null);
            }
            join(handler);
            if (!clientStays || !staysOpenAfter(request.get())) {
                return;
            }
            request = reader.next();
        }
    }

    private static boolean awaitNext(ConnectionInput in) {
        try {
            return in.awaitRequest();
        } catch (IOException e) {
            return false;
        }
    }

    private void answer(Exchange exchange) {
        try {
            server.handler().handle(exchange);
        } catch (IOException e) {
            LOG.atDebug()
                    .setMessage("the client could not be answered")
                    .setCause(e)
                    .log();
            close();
        } catch (RuntimeException e) {
            LOG.atError()
                    .setMessage("a request failed")
                    .addKeyValue("path", exchange.request().path())
                    .setCause(e)
                    .log();
            apologize(exchange);
        } finally {
            // In this order: a server that stops listening closes idle connections itself, busy ones
            // see it here.
            busy = false;
            // Wakes the reader, which waits for a request that will not come.
            if (!staysOpenAfter(exchange.request())) {
                close();
            }
        }
    }

    private void apologize(Exchange exchange) {
        try {
            if (exchange.started()) {
                reset();
            } else {
                exchange.send(server.error(500, "Internal server error"));
            }
        } catch (IOException e) {
            close();
        }
    }

    /// Answers what could not be read; then lets the client finish sending, or it would see a reset
    /// instead of the answer.
    private void refuse(HttpProblem problem, ConnectionInput in, OutputStream out) throws IOException {
        HttpRequest unread = new HttpRequest("", "", Map.of(), new byte[0], false);
        String message = Optional.ofNullable(problem.getMessage()).orElse("Bad Request");
        new Exchange(unread, this, out).send(server.error(problem.status, message));
        socket.shutdownOutput();
        socket.setSoTimeout(LINGER_MILLIS);
        in.drain(2L * RequestReader.MAX_BODY_BYTES);
    }

    private static void join(Thread handler) {
        try {
            handler.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
