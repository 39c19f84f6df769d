package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private double rate = 100;
    private final TokenBucket bucket = new TokenBucket(_ -> rate);

    @Test
    void saysForHowLongSomethingCouldHaveBeenTaken() {
        bucket.empty(NOW);
        assertThat(bucket.isOpen(NOW)).isFalse();

        assertThat(bucket.isOpen(at(1))).isTrue();
        assertThat(bucket.isOpenFor(SECOND, at(999))).isFalse();
        assertThat(bucket.isOpenFor(SECOND, at(1000))).isTrue();
    }

    /// What was saved up while a single call was there is much by the measure of many: they must not find that
    /// low work has waited long enough.
    @Test
    void aLowerRateMakesNothingLookAsIfItHadWaitedLonger() {
        rate = 10_000;
        bucket.empty(NOW);
        assertThat(bucket.isOpen(at(50))).isTrue();

        rate = 100;

        assertThat(bucket.isOpenFor(SECOND, at(100))).isFalse();
        assertThat(bucket.isOpenFor(SECOND, at(999))).isFalse();
        assertThat(bucket.isOpenFor(SECOND, at(1000))).isTrue();
    }

    @Test
    void whatIsTakenBeyondWhatIsThereIsPaidFirstAndTheWaitBeginsAnew() {
        assertThat(bucket.isOpenFor(SECOND, NOW)).isTrue();
        bucket.take(300, at(1500));

        assertThat(bucket.isOpen(at(3500))).isFalse();
        assertThat(bucket.isOpen(at(3501))).isTrue();
        assertThat(bucket.isOpenFor(SECOND, at(4499))).isFalse();
        assertThat(bucket.isOpenFor(SECOND, at(4500))).isTrue();
    }

    private static Instant at(int millis) {
        return NOW.plusMillis(millis);
    }
}
