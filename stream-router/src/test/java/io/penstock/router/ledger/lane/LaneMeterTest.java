package io.penstock.router.ledger.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class LaneMeterTest {
    private final LaneMeter meter = new LaneMeter();
    private Instant now = Instant.parse("2026-11-23T12:00:00Z");

    @Test
    void aTrickleSaysNothingOfWhatCanBeDone() {
        pass(300, 7, false);
        assertThat(meter.costPerSecond()).isZero();
    }

    @Test
    void whatEndsWhileRequestsWaitIsTheRateAndALullDoesNotChangeIt() {
        pass(120, 500, true);
        assertThat(meter.costPerSecond()).isCloseTo(500, within(1.0));
        pass(600, 3, false);
        assertThat(meter.costPerSecond()).isCloseTo(500, within(1.0));
    }

    @Test
    void theFirstTenSecondsOfABacklogAreNotBelieved() {
        pass(1, 0, true);
        pass(9, 0, true);
        assertThat(meter.costPerSecond()).isZero();
        pass(5, 400, true);
        assertThat(meter.costPerSecond()).isPositive();
    }

    @Test
    void aMinuteAgoCountsAThirdOfNow() {
        pass(600, 1000, true);
        pass(60, 0, true);
        assertThat(meter.costPerSecond()).isCloseTo(1000 / Math.E, within(10.0));
    }

    private void pass(int seconds, long ended, boolean waiting) {
        for (int i = 0; i < seconds; i++) {
            now = now.plusSeconds(1);
            meter.ended(ended);
            meter.tick(now, waiting);
        }
    }
}
