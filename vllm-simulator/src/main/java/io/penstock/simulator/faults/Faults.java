package io.penstock.simulator.faults;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/// The script of what goes wrong next. Every fault lasts for a count or until [#clear]. Thread-safe.
public final class Faults {
    /// A count that does not run out.
    public static final int UNTIL_CLEARED = Integer.MAX_VALUE;

    private static final int MAX_STATUS_ANSWERS = 100_000;

    private final LongSupplier nanoTime;
    private final Map<FaultKind, Integer> armed = new EnumMap<>(FaultKind.class);
    private final Deque<StatusAnswer> statusAnswers = new ArrayDeque<>();
    private Runnable listener = () -> {};
    private CompletableFuture<Void> cleared = new CompletableFuture<>();
    private boolean refusing;
    private Optional<Long> readyAt = Optional.empty();

    /// A script without faults.
    ///
    /// @param nanoTime monotonic clock for [#slowStart]
    public Faults(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Makes the next `times` occasions go wrong; replaces an earlier count of the same kind, 0 disarms
    /// it.
    public void arm(FaultKind kind, int times) {
        if (times < 0) {
            throw new IllegalArgumentException("times must not be negative, got " + times);
        }
        synchronized (this) {
            armed.put(kind, times);
        }
        notifyListener();
    }

    /// Makes every occasion go wrong until the faults are cleared.
    public void arm(FaultKind kind) {
        arm(kind, UNTIL_CLEARED);
    }

    /// Closes the listening socket and idle connections: new ones are refused until
    /// [#acceptConnections] or [#clear], called in the JVM, since no HTTP call can arrive. Running
    /// requests go on.
    public void refuseConnections() {
        synchronized (this) {
            refusing = true;
        }
        notifyListener();
    }

    /// Opens the listening socket again, on the same port; other faults stay.
    public void acceptConnections() {
        synchronized (this) {
            refusing = false;
        }
        notifyListener();
    }

    /// Answers the next inference requests with these errors, one each, after those already scripted.
    public synchronized void answer(List<StatusAnswer> answers) {
        if (statusAnswers.size() + answers.size() > MAX_STATUS_ANSWERS) {
            throw new IllegalArgumentException("at most " + MAX_STATUS_ANSWERS + " status answers can be scripted");
        }
        statusAnswers.addAll(answers);
    }

    /// Answers the next `times` inference requests with this error.
    public void answer(StatusAnswer answer, int times) {
        if (times < 1 || times > MAX_STATUS_ANSWERS) {
            throw new IllegalArgumentException("times must be 1 to " + MAX_STATUS_ANSWERS + ", got " + times);
        }
        answer(Collections.nCopies(times, answer));
    }

    /// Pretends that the server starts now and is ready after so long: until then `/health` and
    /// inference answer 503 and `/v1/models` is empty.
    public synchronized void slowStart(Duration untilReady) {
        readyAt = Optional.of(nanoTime.getAsLong() + untilReady.toNanos());
    }

    /// Ends every fault: refused connections are accepted again, stalled answers go on.
    public void clear() {
        CompletableFuture<Void> release;
        synchronized (this) {
            armed.clear();
            statusAnswers.clear();
            refusing = false;
            readyAt = Optional.empty();
            release = cleared;
            cleared = new CompletableFuture<>();
        }
        release.complete(null);
        notifyListener();
    }

    /// Uses up one occasion of a fault, if it is armed.
    public synchronized boolean take(FaultKind kind) {
        int left = armed.getOrDefault(kind, 0);
        if (left > 0 && left != UNTIL_CLEARED) {
            armed.put(kind, left - 1);
        }
        return left > 0;
    }

    /// Whether a fault is armed, without using it up.
    public synchronized boolean isArmed(FaultKind kind) {
        return armed.getOrDefault(kind, 0) > 0;
    }

    /// Uses up the next scripted error.
    public synchronized Optional<StatusAnswer> takeStatusAnswer() {
        return Optional.ofNullable(statusAnswers.poll());
    }

    /// Whether connections are to be refused.
    public synchronized boolean refusesConnections() {
        return refusing;
    }

    /// Whether a slow start is still going on.
    public synchronized boolean starting() {
        return readyAt.isPresent() && nanoTime.getAsLong() - readyAt.get() < 0;
    }

    /// Completes when the faults are next cleared.
    public synchronized CompletableFuture<Void> untilCleared() {
        return cleared;
    }

    /// Called, on the thread that changed something, after a fault was armed or cleared. One listener;
    /// the server's.
    public synchronized void onChange(Runnable newListener) {
        listener = newListener;
    }

    private void notifyListener() {
        Runnable current;
        synchronized (this) {
            current = listener;
        }
        current.run();
    }
}
