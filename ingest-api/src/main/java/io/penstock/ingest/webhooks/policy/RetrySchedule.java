package io.penstock.ingest.webhooks.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/// When a delivery is tried: `delays.get(n)` after the attempt before attempt n, and up to a tenth
/// longer, so that what failed together does not come again together.
public record RetrySchedule(List<Duration> delays) {
    private static final double JITTER = 0.1;
    private static final int ATTEMPTS_MAX = 20;
    /// With `Retry-After` a delivery takes twice as long at most; its record is kept for 30 d.
    private static final Duration LENGTH_MAX = Duration.ofDays(10);

    /// Standard Webhooks': at once, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h.
    public static final RetrySchedule STANDARD = new RetrySchedule(List.of(
            Duration.ZERO,
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24)));

    public RetrySchedule {
        delays = List.copyOf(delays);
        if (delays.isEmpty() || delays.size() > ATTEMPTS_MAX || delays.stream().anyMatch(Duration::isNegative)) {
            throw new IllegalArgumentException("a retry schedule has 1 to " + ATTEMPTS_MAX
                    + " delays of 0 or more, but got " + delays + " (setting webhooks.retry.delays.ms)");
        }
        if (sum(delays).compareTo(LENGTH_MAX) > 0) {
            throw new IllegalArgumentException("a retry schedule takes " + LENGTH_MAX.toDays() + " d at most, but got "
                    + sum(delays) + " (setting webhooks.retry.delays.ms)");
        }
    }

    /// Attempts in all.
    public int attempts() {
        return delays.size();
    }

    /// When the attempt at `step` is due if the one before it ended at `now`.
    public Instant due(int step, Instant now, RandomGenerator random) {
        long millis = delays.get(step).toMillis();
        return now.plusMillis(millis + (long) (millis * JITTER * random.nextDouble()));
    }

    /// How far ahead an endpoint may put off a delivery that began at `since`.
    public Instant end(Instant since) {
        long millis = sum(delays).toMillis();
        return since.plusMillis(millis + (long) (millis * JITTER));
    }

    private static Duration sum(List<Duration> delays) {
        return delays.stream().reduce(Duration.ZERO, Duration::plus);
    }
}
