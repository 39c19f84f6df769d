package io.penstock.router.batches.progress;

import io.penstock.router.batches.input.PoolCost;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Estimate;
import io.penstock.topics.record.LaneStatus;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How long a batch will take at the rates its lanes have shown: `cost` fair-share tokens are left of it,
/// and `slowest`, the pool that needs longest, does `costPerSecond` in the batch's band.
///
/// While a lane has work of several tenants they share it evenly, so that before the batch is done its
/// lane does at most the batch's cost once for each of them, and never more than what waits there. That
/// bounds the time from above; what arrives later for other tenants, or for a more urgent band, is not
/// known.
public record Forecast(long cost, Duration duration, PoolName slowest, double costPerSecond) {
    /// Nobody plans further ahead; it keeps the arithmetic within bounds.
    private static final Duration LONGEST = Duration.ofDays(3650);

    /// How the lanes of a batch's band stand.
    @FunctionalInterface
    public interface Lanes {
        /// The lane of `pool`, null if nothing is known of it.
        @Nullable
        LaneStatus of(PoolName pool);
    }

    /// The forecast for a batch, `expanded` of whose requests are on `requests.*` and `ended` of which have
    /// ended; null if nothing is left to do, or some lane's rate is not known.
    public static @Nullable Forecast of(Contents contents, int expanded, int ended, Lanes lanes) {
        Forecast longest = null;
        long cost = 0;
        for (PoolCost pool : contents.costs()) {
            long remaining = share(pool.cost(), contents.requests() - ended, contents.requests());
            if (remaining == 0) {
                continue;
            }
            LaneStatus lane = lanes.of(pool.pool());
            if (lane == null || !(lane.costPerSecond() > 0)) {
                return null;
            }
            cost += remaining;
            long unexpanded = share(pool.cost(), contents.requests() - expanded, contents.requests());
            double waiting = (double) lane.pendingCost() + unexpanded;
            int tenants = Math.max(1, expanded == 0 ? lane.flows() + 1 : lane.flows());
            double before = Math.max((double) remaining, Math.min(waiting, (double) remaining * tenants));
            Duration duration = seconds(before / lane.costPerSecond());
            if (longest == null || duration.compareTo(longest.duration()) > 0) {
                longest = new Forecast(remaining, duration, pool.pool(), lane.costPerSecond());
            }
        }
        return longest == null
                ? null
                : new Forecast(cost, longest.duration(), longest.slowest(), longest.costPerSecond());
    }

    /// The forecast for an unfinished batch as it stands; null if nobody can tell.
    public static @Nullable Forecast of(BatchState state, Lanes lanes) {
        Batch batch = state.batch();
        return switch (batch.status()) {
            case IN_PROGRESS ->
                batch.directive().paused()
                        ? null
                        : of(state.contents(), state.expansion().requests(), state.ended(), lanes);
            case VALIDATING, FINALIZING, COMPLETED, FAILED, CANCELLING, CANCELLED, EXPIRED -> null;
        };
    }

    /// What it means for a batch that must be done by `deadline`.
    public Estimate estimate(Instant now, Instant deadline) {
        Instant finishesAt = now.plus(duration);
        return new Estimate(cost, finishesAt, finishesAt.isAfter(deadline));
    }

    /// True if `b` tells something else than `a` at `now`: whether it is at risk, or a time that differs by
    /// more than 10 s and 5 % of what is left.
    public static boolean differ(@Nullable Estimate a, @Nullable Estimate b, Instant now) {
        if (a == null || b == null) {
            return a != null || b != null;
        }
        Duration apart = Duration.between(a.finishesAt(), b.finishesAt()).abs();
        Duration left = Duration.between(now, a.finishesAt()).abs();
        return a.atRisk() != b.atRisk()
                || (apart.compareTo(Duration.ofSeconds(10)) > 0
                        && apart.multipliedBy(20).compareTo(left) > 0);
    }

    private static long share(long cost, int requests, int of) {
        return requests <= 0 || of == 0 ? 0 : Math.max(1, (long) ((double) cost * requests / of));
    }

    private static Duration seconds(double seconds) {
        return seconds >= LONGEST.toSeconds() ? LONGEST : Duration.ofMillis((long) (1000 * seconds));
    }
}
