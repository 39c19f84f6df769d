package io.penstock.router.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Time as the ledger has lived through it: it advances only in ticks, by at most one second each, and
/// only while the task has caught up. A stall of ours, a jump of the wall clock or a backlog of unread
/// pulls is thus not mistaken for the silence of a worker. Every puller's clock starts anew with the
/// task.
final class LeaseClock {
    private static final Duration STEP_MAX = Duration.ofSeconds(1);

    private final Map<String, Long> heardAtMs = new HashMap<>();
    private long livedMs;
    private @Nullable Instant lastTick;

    /// The puller has given a sign of life.
    void heard(String pullerKey) {
        heardAtMs.put(pullerKey, livedMs);
    }

    void forget(String pullerKey) {
        heardAtMs.remove(pullerKey);
    }

    void tick(Instant now, boolean caughtUp) {
        if (lastTick != null && caughtUp) {
            livedMs += Math.clamp(Duration.between(lastTick, now).toMillis(), 0, STEP_MAX.toMillis());
        }
        lastTick = now;
    }

    /// How long the puller has been silent.
    Duration silence(String pullerKey) {
        return Duration.ofMillis(livedMs - heardAtMs.getOrDefault(pullerKey, 0L));
    }
}
