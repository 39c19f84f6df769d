package io.penstock.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class DepartureTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Departure DEPARTURE = new Departure(NOW.plusSeconds(30), null);

    @Test
    void itIsQuietASecondAfterTheLedgerWasTold() {
        assertThat(DEPARTURE.isQuiet(Instant.MIN, NOW.plusSeconds(60))).isFalse();
        assertThat(DEPARTURE.toldAt(NOW).isQuiet(Instant.MIN, NOW.plusMillis(999)))
                .isFalse();
        assertThat(DEPARTURE.toldAt(NOW).isQuiet(Instant.MIN, NOW.plusMillis(1000)))
                .isTrue();
    }

    @Test
    void theFirstTimeItWasToldCounts() {
        assertThat(DEPARTURE.toldAt(NOW).toldAt(NOW.plusSeconds(1))).isEqualTo(DEPARTURE.toldAt(NOW));
    }

    @Test
    void eachTicketThatStillComesMakesItWait() {
        assertThat(DEPARTURE.toldAt(NOW).isQuiet(NOW.plusMillis(700), NOW.plusMillis(1500)))
                .isFalse();
        assertThat(DEPARTURE.toldAt(NOW).isQuiet(NOW.plusMillis(700), NOW.plusMillis(1700)))
                .isTrue();
    }

    @Test
    void whatRunsHasUntilItsEnd() {
        assertThat(DEPARTURE.isOverdue(NOW.plusMillis(29_999))).isFalse();
        assertThat(DEPARTURE.isOverdue(NOW.plusSeconds(30))).isTrue();
    }
}
