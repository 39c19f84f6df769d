package io.penstock.ingest.batches;

import java.time.Duration;

/// The limits of answers that last as long as a batch: how many may be open, how long each, after how much
/// silence a sign of life is sent, and the least time between two events of one.
public record LiveLimits(int openMax, Duration longest, Duration heartbeat, Duration eventInterval) {
    /// 1,000 open for at most an hour each; a sign of life after 15 s, four events a second.
    public static final LiveLimits DEFAULT =
            new LiveLimits(1_000, Duration.ofHours(1), Duration.ofSeconds(15), Duration.ofMillis(250));

    public LiveLimits {
        if (openMax < 1 || !isPositive(longest) || !isPositive(heartbeat) || eventInterval.isNegative()) {
            throw new IllegalArgumentException(
                    "batches.live.max, batches.live.max.ms and batches.live.heartbeat.ms must be positive, but were "
                            + openMax + ", " + longest + " and " + heartbeat);
        }
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }
}
