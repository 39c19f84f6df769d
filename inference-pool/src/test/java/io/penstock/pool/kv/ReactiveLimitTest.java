package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.pool.kv.ReactiveLimit.Bounds;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReactiveLimitTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Bounds BOUNDS = new Bounds(1, 16, 256, Duration.ofMillis(250));

    private final ReactiveLimit limit = new ReactiveLimit(BOUNDS);
    private Instant now = NOW;

    @Test
    void itDoublesWhileUsedUntilTheFirstCutAndThenRisesByOne() {
        window(16);
        window(32);
        assertThat(limit.limit()).isEqualTo(64);

        assertThat(limit.refused(now, now)).isTrue();
        assertThat(limit.limit()).isEqualTo(32);
        window(32);
        window(33);
        assertThat(limit.limit()).isEqualTo(34);
    }

    @Test
    void whatIsNotUsedDoesNotGrow() {
        window(7);
        window(7);
        assertThat(limit.limit()).isEqualTo(16);
        window(8);
        assertThat(limit.limit()).isEqualTo(32);
    }

    @Test
    void oneFlightIsPunishedOnce() {
        Instant sent = now;
        now = now.plusMillis(10);
        assertThat(limit.refused(sent, now)).isTrue();
        assertThat(limit.refused(sent, now.plusMillis(1))).isFalse();
        assertThat(limit.limit()).isEqualTo(8);
        assertThat(limit.refused(now.plusMillis(1), now.plusMillis(2))).isTrue();
        assertThat(limit.limit()).isEqualTo(4);
    }

    @Test
    void afterReopeningItComesBackToWhereItWasFasterThanBeyond() {
        window(16);
        window(32);
        limit.refused(now, now);
        limit.reopened(now);
        assertThat(limit.limit()).isEqualTo(16);
        window(16);
        assertThat(limit.limit()).isEqualTo(32);
        window(32);
        assertThat(limit.limit()).isEqualTo(33);
    }

    @Test
    void itStaysWithinItsBoundsWhateverHappens() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int step = 0; step < 10_000; step++) {
            now = now.plusMillis(random.nextInt(400));
            switch (random.nextInt(8)) {
                case 0 -> limit.refused(now.minusMillis(random.nextInt(1000)), now);
                case 1 -> limit.reopened(now);
                default -> limit.observe(random.nextInt(300), now);
            }
            assertThat(limit.limit()).as("seed %d step %d", seed, step).isBetween(1, 256);
        }
    }

    @Test
    void boundsMustRise() {
        assertThatThrownBy(() -> new Bounds(4, 2, 8, Duration.ofSeconds(1))).hasMessageContaining("rise");
    }

    private void window(int inFlight) {
        limit.observe(inFlight, now);
        now = now.plusMillis(250);
        limit.observe(inFlight, now);
    }
}
