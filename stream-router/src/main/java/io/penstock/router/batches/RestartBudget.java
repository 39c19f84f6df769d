package io.penstock.router.batches;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/// How often a dead thread may be replaced before something is taken to be broken for good: 10 times in 5 minutes.
final class RestartBudget {
    private static final int RESTARTS = 10;
    private static final long WINDOW_NANOS = Duration.ofMinutes(5).toNanos();

    private final LongSupplier nanos;
    private final Deque<Long> restarts = new ArrayDeque<>();

    RestartBudget(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// Takes one restart from the budget; false if none is left.
    synchronized boolean mayRestart() {
        long now = nanos.getAsLong();
        while (!restarts.isEmpty() && now - restarts.getFirst() > WINDOW_NANOS) {
            restarts.removeFirst();
        }
        if (restarts.size() >= RESTARTS) {
            return false;
        }
        restarts.addLast(now);
        return true;
    }
}
