package io.penstock.ingest.http.jetty;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.ServerConnector;

/// Closes connections that have begun the head of a request and do not complete it in time. An idle
/// timeout alone never ends a client that sends one byte a second. Only HTTP/1.1: there a connection is
/// itself the metadata of its one exchange, while an HTTP/2 connection carries many.
final class HeadDeadline implements AutoCloseable {
    private final ServerConnector connector;
    private final HeadClock<EndPoint> heads;
    private final long everyMillis;
    private final Set<EndPoint> served = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("http-head-deadline").factory());

    HeadDeadline(ServerConnector connector, Duration deadline) {
        this.connector = connector;
        this.heads = new HeadClock<>(deadline);
        this.everyMillis = Math.clamp(deadline.toMillis() / 4, 10, 1000);
    }

    void start() {
        Future<?> _ = clock.scheduleWithFixedDelay(this::sweep, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
    }

    /// Says that the request's connection is at work until the returned mark is closed.
    Serving serving(Request request) {
        Connection connection = request.getConnectionMetaData().getConnection();
        EndPoint endPoint = connection.getEndPoint();
        served.add(endPoint);
        return () -> {
            heads.rest(endPoint, connection.getMessagesIn(), connection.getBytesIn());
            served.remove(endPoint);
        };
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    interface Serving extends AutoCloseable {
        @Override
        void close();
    }

    private void sweep() {
        long now = System.nanoTime();
        for (EndPoint endPoint : connector.getConnectedEndPoints()) {
            Connection connection = endPoint.getConnection();
            if (connection instanceof ConnectionMetaData
                    && !served.contains(endPoint)
                    && heads.isOverdue(endPoint, connection.getMessagesIn(), connection.getBytesIn(), now)) {
                endPoint.close(new TimeoutException("the request's head was not complete in time"));
            }
        }
        heads.forget(endPoint -> !endPoint.isOpen());
    }
}
