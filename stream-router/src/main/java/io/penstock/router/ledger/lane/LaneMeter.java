package io.penstock.router.ledger.lane;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How fast a lane is worked off: the cost that ended per second while it had something to do, recent
/// seconds counting more, those a minute ago 1/e. Unknown (0) after a restart until something ends.
public final class LaneMeter {
    private static final double MEMORY_SECONDS = 60;
    private static final Duration STEP_MAX = Duration.ofSeconds(5);

    private double cost;
    private double seconds;
    private long endedSinceTick;
    private int running;
    private @Nullable Instant lastTick;

    /// Requests of the lane that run at workers.
    public int running() {
        return running;
    }

    /// A request of the lane now runs.
    public void started() {
        running++;
    }

    /// A request of the lane no longer runs.
    public void stopped() {
        running--;
    }

    /// A request of `tokens` cost has ended.
    public void ended(long tokens) {
        endedSinceTick += tokens;
    }

    /// Time has passed; `busy` says whether the lane has anything to do.
    public void tick(Instant now, boolean busy) {
        if (lastTick != null && (busy || endedSinceTick > 0)) {
            double step = Math.clamp(Duration.between(lastTick, now).toMillis(), 0, STEP_MAX.toMillis()) / 1000.0;
            double kept = Math.exp(-step / MEMORY_SECONDS);
            cost = cost * kept + endedSinceTick;
            seconds = seconds * kept + step;
            endedSinceTick = 0;
        }
        lastTick = now;
    }

    public double costPerSecond() {
        return seconds < 1 ? 0 : cost / seconds;
    }
}
