package io.penstock.ingest.http.jetty;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The calls at work, counted so that a server that stops can wait for the last one.
final class Calls {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition noneAtWork = lock.newCondition();
    private int atWork;
    private volatile boolean draining;

    /// One call, at work until it is closed.
    interface Call extends AutoCloseable {
        @Override
        void close();
    }

    /// Counts a call, also while draining: whoever is refused must still get that answer.
    Call begin() {
        lock.lock();
        try {
            atWork++;
        } finally {
            lock.unlock();
        }
        return this::end;
    }

    private void end() {
        lock.lock();
        try {
            atWork--;
            if (atWork == 0) {
                noneAtWork.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// True once new calls are to be refused.
    boolean isDraining() {
        return draining;
    }

    /// Waits until no call is at work, `timeout` at most.
    ///
    /// @return how many calls still are
    int drain(Duration timeout) {
        draining = true;
        long leftNanos = timeout.toNanos();
        lock.lock();
        try {
            while (atWork > 0 && leftNanos > 0) {
                leftNanos = noneAtWork.awaitNanos(leftNanos);
            }
            return atWork;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return atWork;
        } finally {
            lock.unlock();
        }
    }
}
