package io.penstock.simulator.driver;

import java.util.concurrent.locks.LockSupport;

/// The driver's clock and its way to wait.
public interface Pacer {
    /// A monotonic reading in nanoseconds.
    long nanoTime();

    /// Waits until the clock reads so much; returns at once when it already does, early when
    /// interrupted.
    void sleepUntil(long nanos);

    /// The machine's clock.
    static Pacer system() {
        return new Pacer() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void sleepUntil(long nanos) {
                long left = nanos - System.nanoTime();
                while (left > 0 && !Thread.currentThread().isInterrupted()) {
                    LockSupport.parkNanos(left);
                    left = nanos - System.nanoTime();
                }
            }
        };
    }
}
