package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ToldCallsTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    private final ToldCalls told = new ToldCalls();

    @Test
    void whatInstancesSayAddsUpAndTheNewestOfEachCounts() {
        told.told("a", 3, 2, NOW);
        told.told("b", 4, 1, NOW);
        told.told("a", 5, 0, NOW.plusMillis(20));

        assertThat(told.calls(NOW.plusMillis(20))).isEqualTo(9);
        assertThat(told.awaiting(NOW.plusMillis(20))).isEqualTo(1);
    }

    @Test
    void whatIsNotSaidAgainRunsOutAfterTwoSeconds() {
        told.told("gone", 3, 3, NOW);
        told.told("there", 4, 1, NOW);
        told.told("there", 4, 1, NOW.plusMillis(1500));

        assertThat(told.calls(NOW.plusMillis(2000))).isEqualTo(7);
        assertThat(told.calls(NOW.plusMillis(2001))).isEqualTo(4);
        assertThat(told.calls(NOW.plusMillis(3501))).isZero();
    }

    @Test
    void oneWithoutCallsIsForgottenAndTheNumberOfInstancesIsBounded() {
        told.told("a", 3, 3, NOW);
        told.told("a", 0, 0, NOW);
        assertThat(told.calls(NOW)).isZero();

        for (int i = 0; i < 1000; i++) {
            told.told("instance " + i, 1, 0, NOW);
        }
        assertThat(told.calls(NOW)).isEqualTo(256);
    }
}
