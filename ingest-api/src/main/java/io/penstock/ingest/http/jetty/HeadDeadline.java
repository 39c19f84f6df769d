package io.penstock.ingest.http.jetty;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.ServerConnector;

/// Closes connections whose next request does not get complete: bytes have come, none of them made a
/// request, and the deadline has passed. An idle timeout alone never ends a client that sends one byte
/// a second.
final class HeadDeadline implements AutoCloseable {
    private final ServerConnector connector;
    private final long deadlineNanos;
    private final Set<EndPoint> served = ConcurrentHashMap.newKeySet();
    private final Map<EndPoint, Waiting> waiting = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("http-head-deadline").factory());

    private record Waiting(long bytesIn, long sinceNanos) {}

    HeadDeadline(ServerConnector connector, Duration deadline) {
        this.connector = connector;
        this.deadlineNanos = deadline.toNanos();
    }

    void start() {
        long everyMillis = Math.clamp(deadlineNanos / 4_000_000, 10, 1000);
        Future<?> _ = clock.scheduleWithFixedDelay(this::sweep, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
    }

    /// Says that the request's connection is at work until the returned mark is closed.
    Serving serving(Request request) {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        served.add(endPoint);
        return () -> {
            waiting.remove(endPoint);
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
        waiting.keySet().removeIf(endPoint -> !endPoint.isOpen());
        for (EndPoint endPoint : connector.getConnectedEndPoints()) {
            Connection connection = endPoint.getConnection();
            if (connection == null || served.contains(endPoint)) {
                continue;
            }
            Waiting since = waiting.computeIfAbsent(endPoint, _ -> new Waiting(connection.getBytesIn(), now));
            if (connection.getBytesIn() == since.bytesIn()) {
                continue;
            }
            if (now - since.sinceNanos() > deadlineNanos) {
                endPoint.close(new TimeoutException("the request's head was not complete in time"));
            }
        }
    }
}
