package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Accounts come every 50 ms.
class PromptRateTest {
    private static final int SPEED = 8000;

    private final PromptRate rate = new PromptRate();
    private Instant now = Instant.parse("2026-11-29T12:00:00Z");
    private long computed;

    @BeforeEach
    void itIsFound() {
        seconds(3, SPEED, true);
        assertThat(rate.isFound()).isTrue();
        assertThat(rate.tokensPerSecond()).isCloseTo(SPEED, within(1.0));
    }

    @Test
    void anEngineThatDoesLessOfAllItCouldHaveIsSlower() {
        seconds(30, 5000, true);

        assertThat(rate.tokensPerSecond()).isCloseTo(5000, within(50.0));
    }

    @Test
    void anEngineThatCouldHaveHadNoMoreIsNotSlower() {
        seconds(30, 2000, false);

        assertThat(rate.tokensPerSecond()).isCloseTo(SPEED, within(1.0));
    }

    /// Four prompts whose step ends a moment before the account make one second look a quarter better.
    @Test
    void oneGoodSecondIsNotTakenForItsSpeed() {
        seconds(1, SPEED * 5 / 4, true);

        assertThat(rate.tokensPerSecond()).isBetween(SPEED + 1.0, SPEED * 1.1);
    }

    @Test
    void itIsFasterIfItGoesOnBeingSo() {
        seconds(30, SPEED * 5 / 4, false);

        assertThat(rate.tokensPerSecond()).isCloseTo(SPEED * 5 / 4.0, within(50.0));
    }

    private void seconds(int seconds, int speed, boolean heldBack) {
        for (int account = 0; account < 20 * seconds; account++) {
            rate.observe(computed, now);
            if (heldBack) {
                rate.heldBack();
            }
            now = now.plusMillis(50);
            computed += speed / 20;
        }
        rate.observe(computed, now);
    }
}
