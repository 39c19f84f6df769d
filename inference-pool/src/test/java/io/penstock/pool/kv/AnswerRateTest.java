package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AnswerRateTest {
    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

    private final AnswerRate rate = new AnswerRate();

    @Test
    void promptsThatAreThereOverTheTimeThatAnAnswerTakes() {
        assertThat(rate.tokensPerSecond()).isZero();
        rate.ended(500, TWO_SECONDS, 16, false);
        assertThat(rate.tokensPerSecond()).isEqualTo(4000);
    }

    @Test
    void fewWhoAreThereSayNothingAgainstTheMostThatWasSeen() {
        rate.ended(500, TWO_SECONDS, 16, true);
        ended(1000, TWO_SECONDS, 1, false);
        assertThat(rate.tokensPerSecond()).isEqualTo(4000);
    }

    @Test
    void lessWhileAllAreThereIsBelievedLittleByLittle() {
        rate.ended(500, TWO_SECONDS, 16, true);
        ended(1, Duration.ofSeconds(4), 16, true);
        assertThat(rate.tokensPerSecond()).isBetween(3800.0, 3900.0);
        ended(1000, Duration.ofSeconds(4), 16, true);
        assertThat(rate.tokensPerSecond()).isCloseTo(2000, within(1.0));
    }

    @Test
    void oneShortAnswerIsNoMean() {
        ended(100, TWO_SECONDS, 16, true);
        rate.ended(500, Duration.ofMillis(10), 16, true);
        assertThat(rate.tokensPerSecond()).isLessThan(4400);
        rate.ended(500, Duration.ZERO, 16, true);
        assertThat(rate.tokensPerSecond()).isLessThan(4400);
    }

    private void ended(int times, Duration took, int sent, boolean full) {
        for (int i = 0; i < times; i++) {
            rate.ended(500, took, sent, full);
        }
    }
}
