package io.penstock.ingest.http.jetty;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// How long a connection has been at the head of one request, as told by looks at how many requests
/// and bytes it has sent so far. The clock starts at the first look that finds a byte more than the
/// connection had sent when it came to rest, and runs whatever pauses the client makes.
///
/// @param <C> a connection
final class HeadClock<C> {
    private final long deadlineNanos;
    private final Map<C, Rest> rests = new ConcurrentHashMap<>();

    HeadClock(Duration deadline) {
        this.deadlineNanos = deadline.toNanos();
    }

    private record Rest(long messages, long bytes, boolean began, long beganNanos) {
        private static Rest at(long messages, long bytes) {
            return new Rest(messages, bytes, false, 0);
        }
    }

    /// The connection's request was answered; what it sends from now on belongs to the next one.
    void rest(C connection, long messages, long bytes) {
        rests.put(connection, Rest.at(messages, bytes));
    }

    /// Looks at a connection whose request is not being answered; true if its head is overdue.
    boolean isOverdue(C connection, long messages, long bytes, long nowNanos) {
        Rest rest = rests.computeIfAbsent(connection, _ -> Rest.at(0, 0));
        if (rest.messages() != messages) {
            rest(connection, messages, bytes);
            return false;
        }
        if (bytes > rest.bytes() && !rest.began()) {
            rests.put(connection, new Rest(messages, rest.bytes(), true, nowNanos));
            return false;
        }
        return rest.began() && nowNanos - rest.beganNanos() >= deadlineNanos;
    }

    /// Forgets the connections that are closed.
    void forget(Predicate<C> closed) {
        rests.keySet().removeIf(closed);
    }
}
