package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/// To a millisecond: what is saved up is a sum of fractions.
class TokenBucketTest {
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    private double rate = 100;
    private final TokenBucket bucket = new TokenBucket(_ -> rate);

    @Test
    void isFullAfterASecond() {
        bucket.empty(NOW);
        assertThat(bucket.isOpen(NOW)).isFalse();

        assertThat(bucket.isOpen(at(1))).isTrue();
        assertThat(bucket.isFull(at(999))).isFalse();
        assertThat(bucket.isFull(at(1001))).isTrue();
    }

    /// What was saved up while a single call was there is much by the measure of many: they must not find that
    /// low work has waited long enough.
    @Test
    void aLowerRateMakesNothingLookAsIfItHadWaitedLonger() {
        rate = 10_000;
        bucket.empty(NOW);
        assertThat(bucket.isOpen(at(50))).isTrue();

        rate = 100;

        assertThat(bucket.isFull(at(100))).isFalse();
        assertThat(bucket.isFull(at(999))).isFalse();
        assertThat(bucket.isFull(at(1000))).isTrue();
    }

    @Test
    void whatIsTakenBeyondWhatIsThereIsPaidFirstAndTheWaitBeginsAnew() {
        assertThat(bucket.isFull(NOW)).isTrue();
        bucket.take(300, at(1500));

        assertThat(bucket.isOpen(at(3500))).isFalse();
        assertThat(bucket.isOpen(at(3501))).isTrue();
        assertThat(bucket.isFull(at(4499))).isFalse();
        assertThat(bucket.isFull(at(4501))).isTrue();
    }

    @Test
    void smallRequestsTakeNoMoreThanTheRateWhileItMustBeFull() {
        assertThat(bucket.isFull(NOW)).isTrue();
        bucket.take(10, NOW);

        assertThat(bucket.isOpen(at(1))).isTrue();
        assertThat(bucket.isFull(at(99))).isFalse();
        assertThat(bucket.isFull(at(101))).isTrue();
    }

    private static Instant at(int millis) {
        return NOW.plusMillis(millis);
    }
}
