package io.penstock.service;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;

/// How a thread that polls a consumer is ended. Such a thread closes its consumer itself, as only the
/// thread that polls may use it.
public final class ConsumerThreads {
    private ConsumerThreads() {}

    /// Wakes the thread's poll and waits for its end, at most `patience`; the caller has told it before to
    /// poll no more. The consumer of a thread that was never started is closed here.
    public static void stop(Thread thread, Consumer<?, ?> consumer, Duration patience) {
        consumer.wakeup();
        if (thread.isAlive()) {
            try {
                thread.join(patience);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } else if (thread.getState() == Thread.State.NEW) {
            consumer.close();
        }
    }
}
