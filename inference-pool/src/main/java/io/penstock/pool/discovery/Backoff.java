package io.penstock.pool.discovery;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before asking again: doubling from `first` to `most`, each time a random part of
/// between half and all of it, so that many who were cut off together do not come back together. Not
/// thread-safe.
public final class Backoff {
    private final Duration first;
    private final Duration most;
    private final RandomGenerator random;
    private Duration next;

    public Backoff(Duration first, Duration most, RandomGenerator random) {
        this.first = first;
        this.most = most;
        this.random = random;
        this.next = first;
    }

    /// The wait after one more failure.
    public Duration next() {
        Duration whole = next;
        next = whole.multipliedBy(2).compareTo(most) > 0 ? most : whole.multipliedBy(2);
        return Duration.ofMillis((long) (whole.toMillis() * (0.5 + random.nextDouble() / 2)));
    }

    /// It went well: begins anew.
    public void reset() {
        next = first;
    }
}
