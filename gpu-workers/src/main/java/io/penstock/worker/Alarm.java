package io.penstock.worker;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has someone look again at a moment before the next pulse. One at a time is set: what is set meanwhile is
/// passed over, since whoever looks sets it anew.
final class Alarm {
    private static final Logger LOG = LoggerFactory.getLogger(Alarm.class);

    private final Runnable look;
    private final AtomicBoolean isSet = new AtomicBoolean();

    /// `look` must not block.
    Alarm(Runnable look) {
        this.look = look;
    }

    /// Returns at once.
    void in(Duration wait) {
        if (isSet.compareAndSet(false, true)) {
            CompletableFuture.delayedExecutor(wait.toNanos(), TimeUnit.NANOSECONDS)
                    .execute(this::ring);
        }
    }

    private void ring() {
        isSet.set(false);
        try {
            look.run();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a look failed");
        }
    }
}
