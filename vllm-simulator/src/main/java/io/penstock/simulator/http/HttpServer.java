package io.penstock.simulator.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An HTTP/1.1 server on one port, at most 20,000 connections. It can stop listening and start again on
/// the same port.
///
/// There are no read timeouts: a client may keep a connection as long as it likes. For trusted networks
/// only.
public final class HttpServer {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final int MAX_CONNECTIONS = 20_000;
    private static final int BACKLOG = 1_024;

    private final HttpHandler handler;
    private final BiFunction<Integer, String, HttpResponse> errors;
    private final BooleanSupplier resetOnAccept;
    private final InetAddress address;
    private final int port;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private Optional<Listener> listener;

    private record Listener(ServerSocket socket, Thread thread) {}

    /// Binds and listens.
    ///
    /// @param at the address; port 0 takes a free one
    /// @param handler answers requests
    /// @param errors makes the response for a status and a message, when there is no request to handle
    /// @param resetOnAccept asked for each new connection whether to reset it
    /// @throws IOException when the port is taken
    public HttpServer(
            InetSocketAddress at,
            HttpHandler handler,
            BiFunction<Integer, String, HttpResponse> errors,
            BooleanSupplier resetOnAccept)
            throws IOException {
        this.handler = handler;
        this.errors = errors;
        this.resetOnAccept = resetOnAccept;
        ServerSocket socket = bind(at);
        this.address = socket.getInetAddress();
        this.port = socket.getLocalPort();
        this.listener = Optional.of(new Listener(socket, startAccepting(socket)));
    }

    /// The port, also while not listening.
    public int port() {
        return port;
    }

    /// Starts or stops listening. Stopping closes connections on which no request is being answered;
    /// the others close after their answer.
    ///
    /// @throws IOException when the port was taken in the meantime
    public synchronized void listen(boolean on) throws IOException {
        if (on && listener.isEmpty()) {
            ServerSocket socket = bind(new InetSocketAddress(address, port));
            listener = Optional.of(new Listener(socket, startAccepting(socket)));
        } else if (!on && listener.isPresent()) {
            Listener old = listener.get();
            listener = Optional.empty();
            old.socket().close();
            // The port is free only when the thread that was accepting has let go of the socket.
            join(old.thread());
            connections.stream().filter(connection -> !connection.isBusy()).forEach(Connection::close);
        }
    }

    /// Requests being answered.
    public long busyConnections() {
        return connections.stream().filter(Connection::isBusy).count();
    }

    /// Closes every connection; those on which a request is still being answered are reset.
    public void closeAll() {
        for (Connection connection : connections) {
            if (connection.isBusy()) {
                connection.reset();
            } else {
                connection.close();
            }
        }
    }

    /// Resets every connection, as the death of a process does.
    public void resetAll() {
        connections.forEach(Connection::reset);
    }

    synchronized boolean isListening() {
        return listener.isPresent();
    }

    HttpHandler handler() {
        return handler;
    }

    HttpResponse error(int status, String message) {
        return errors.apply(status, message);
    }

    void ended(Connection connection) {
        connections.remove(connection);
    }

    private static ServerSocket bind(InetSocketAddress at) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            // A restarted server must get its port back although old connections are in TIME_WAIT.
            socket.setReuseAddress(true);
            socket.bind(at, BACKLOG);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw new IOException("cannot listen on " + at + ": " + e.getMessage(), e);
        }
    }

    private Thread startAccepting(ServerSocket socket) {
        return Thread.ofVirtual().name("accept").start(() -> accept(socket));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                admit(from.accept(), from.isClosed());
            } catch (IOException e) {
                if (!from.isClosed()) {
                    LOG.atWarn()
                            .setMessage("accepting a connection failed")
                            .setCause(e)
                            .log();
                }
            }
        }
    }

    /// @param tooLate whether the server stopped listening while the connection came in
    private void admit(Socket socket, boolean tooLate) {
        Connection connection = new Connection(socket, this);
        if (tooLate || resetOnAccept.getAsBoolean() || connections.size() >= MAX_CONNECTIONS) {
            connection.reset();
            return;
        }
        connections.add(connection);
        Thread.ofVirtual().name("connection").start(connection);
    }
}
