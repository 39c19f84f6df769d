package io.penstock.ingest.view;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Tells of the changes of one key of a view, from its creation on. One thread waits; any may close it,
/// which wakes that thread.
public final class Watch implements AutoCloseable {
    private final Semaphore changed = new Semaphore(0);
    private final Consumer<Watch> leave;
    private final Runnable teller = this::tell;
    private volatile boolean closed;

    /// `leave` gets it when it is closed.
    public Watch(Consumer<Watch> leave) {
        this.leave = leave;
    }

    /// What a view runs after each change: always the same object.
    Runnable teller() {
        return teller;
    }

    /// Says that the key has changed.
    public void tell() {
        changed.release();
    }

    /// Waits until the key changes, for `patience` at most; returns at once if it has changed since the
    /// last call, or if this is closed.
    ///
    /// @return false if nothing changed
    public boolean await(Duration patience) {
        try {
            boolean told = !closed && changed.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
            changed.drainPermits();
            return told && !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// True once nobody is to be told any more.
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        leave.accept(this);
        changed.release();
    }
}
