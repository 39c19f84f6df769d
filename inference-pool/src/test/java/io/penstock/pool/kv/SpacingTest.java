package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SpacingTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Duration TICK = Duration.ofMillis(50);

    private final Spacing spacing = new Spacing();

    @Test
    void aQuarterMoreAreSentWhileAnAnswerTakesThanMayBeThere() {
        assertThat(sentIn(Duration.ofSeconds(2), Duration.ofSeconds(2), 16)).isBetween(20, 21);
        assertThat(Spacing.ahead(Duration.ofSeconds(2), 16)).isEqualTo(10);
    }

    @Test
    void howeverLongAnswersTakeFourGoInASecond() {
        assertThat(sentIn(Duration.ofMinutes(10), Duration.ofSeconds(2), 1)).isBetween(8, 9);
        assertThat(Spacing.ahead(Duration.ofMinutes(10), 1)).isEqualTo(4);
    }

    @Test
    void nothingIsSavedUpButWhatWasDueSinceTheLastLook() {
        assertThat(sentAt(NOON, Duration.ofSeconds(1), 80)).isEqualTo(5 + 1);
        assertThat(sentAt(NOON.plusSeconds(60), Duration.ofSeconds(1), 80)).isEqualTo(5 + 1);
    }

    @Test
    void whatIsSentBeforeItIsDueHoldsTheNextOneUpNoLonger() {
        for (int i = 0; i < 1000; i++) {
            spacing.sent(Duration.ofSeconds(2), 16, NOON.plusMillis(i));
        }
        assertThat(spacing.isDue(NOON.plusMillis(999 + 99))).isFalse();
        assertThat(spacing.isDue(NOON.plusMillis(999 + 100))).isTrue();
    }

    @Test
    void answersThatTakeNoTimeHoldNothingUp() {
        spacing.sent(Duration.ZERO, 16, NOON);
        assertThat(spacing.isDue(NOON.plusNanos(1))).isTrue();
        assertThat(Spacing.ahead(Duration.ZERO, 16)).isEqualTo(1_000_000_000);
    }

    private int sentIn(Duration flight, Duration howLong, int limit) {
        int sent = 0;
        for (Instant at = NOON; at.isBefore(NOON.plus(howLong)); at = at.plus(TICK)) {
            sent += sentAt(at, flight, limit);
        }
        return sent;
    }

    private int sentAt(Instant at, Duration flight, int limit) {
        int sent = 0;
        while (spacing.isDue(at)) {
            spacing.sent(flight, limit, at);
            sent++;
        }
        return sent;
    }
}
