package io.penstock.ingest.http.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeadClockTest {
    private final HeadClock<String> clock = new HeadClock<>(Duration.ofSeconds(10));

    @Test
    void theClockStartsAtTheFirstByteHoweverLongTheConnectionWasIdle() {
        assertThat(overdue(0, 0, 0)).isFalse();
        assertThat(overdue(100, 0, 0)).isFalse();
        assertThat(overdue(101, 0, 1)).isFalse();
        assertThat(overdue(110, 0, 5)).isFalse();
        assertThat(overdue(111, 0, 6)).isTrue();
    }

    @Test
    void aPauseDoesNotStopIt() {
        assertThat(overdue(0, 0, 1)).isFalse();
        assertThat(overdue(5, 0, 1)).isFalse();
        assertThat(overdue(10, 0, 1)).isTrue();
    }

    @Test
    void eachHeadHasItsOwnClock() {
        assertThat(overdue(0, 0, 50)).isFalse();
        clock.rest("c", 1, 100);
        assertThat(overdue(60, 1, 100)).isFalse();
        assertThat(overdue(61, 1, 101)).isFalse();
        assertThat(overdue(70, 1, 150)).isFalse();
        assertThat(overdue(71, 1, 151)).isTrue();
    }

    @Test
    void aHeadThatWasCompletedIsNotOverdue() {
        assertThat(overdue(0, 0, 50)).isFalse();
        assertThat(overdue(20, 1, 100)).isFalse();
        assertThat(overdue(40, 1, 100)).isFalse();
    }

    @Test
    void whatIsForgottenStartsAnew() {
        assertThat(overdue(0, 0, 50)).isFalse();
        clock.forget(_ -> true);
        assertThat(overdue(20, 0, 51)).isFalse();
        clock.forget(_ -> false);
        assertThat(overdue(30, 0, 51)).isTrue();
    }

    private boolean overdue(int second, long messages, long bytes) {
        return clock.isOverdue("c", messages, bytes, Duration.ofSeconds(second).toNanos());
    }
}
