package io.penstock.router.ledger.lane;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How fast a lane can be worked off: the cost that ended per second while requests waited in it, recent
/// seconds counting more, those a minute ago 1/e.
///
/// Seconds in which nothing waited tell how much was asked for, not how much can be done, and are left out.
/// Unknown (0) until there were ten seconds that count and something has ended in them: at first the
/// engines have only begun.
public final class LaneMeter {
    private static final double MEMORY_SECONDS = 60;
    private static final double SECONDS_MIN = 10;
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

    /// Time has passed; `waiting` says whether requests wait in the lane.
    public void tick(Instant now, boolean waiting) {
        if (lastTick != null && waiting) {
            double step = Math.clamp(Duration.between(lastTick, now).toMillis(), 0, STEP_MAX.toMillis()) / 1000.0;
            double kept = Math.exp(-step / MEMORY_SECONDS);
            cost = cost * kept + endedSinceTick;
            seconds = seconds * kept + step;
        }
        endedSinceTick = 0;
        lastTick = now;
    }

    public double costPerSecond() {
        return seconds < SECONDS_MIN ? 0 : cost / seconds;
    }
}
