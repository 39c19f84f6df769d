package io.penstock.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StandstillTest {
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    private static final Duration SLACK = Duration.ofSeconds(1);

    private final Standstill standstill = new Standstill();

    @Test
    void anAccountThatDoesNotAnswerOurCallsStandsStill() {
        told(0, true);
        standstill.ourLoadChanged(at(100));
        told(1099, false);
        assertThat(standstill.isFrozen(SLACK)).isFalse();
        told(1100, false);
        assertThat(standstill.isFrozen(SLACK)).isTrue();
        assertThat(standstill.movedAt()).isEqualTo(at(0));
    }

    @Test
    void oneThatMovesIsBelievedAgain() {
        told(0, true);
        standstill.ourLoadChanged(at(100));
        told(2000, false);
        told(2050, true);
        assertThat(standstill.isFrozen(SLACK)).isFalse();
        assertThat(standstill.movedAt()).isEqualTo(at(2050));
    }

    @Test
    void nothingIsAmissWhileNothingOfOursComesOrGoes() {
        told(0, true);
        told(60_000, false);
        assertThat(standstill.isFrozen(SLACK)).isFalse();
    }

    @Test
    void whatCameAndWentBetweenTwoAccountsOfAnIdleEngineLeavesNoTrace() {
        told(0, true);
        standstill.ourLoadChanged(at(100));
        standstill.ourLoadChanged(at(120));
        standstill.told(at(150), false, true, null);
        standstill.told(at(5000), false, true, null);
        assertThat(standstill.isFrozen(SLACK)).isFalse();
    }

    @Test
    void idleThoughACallOfOursRunsThereIsAStandstill() {
        told(0, true);
        standstill.ourLoadChanged(at(100));
        standstill.told(at(2000), false, true, at(100));
        assertThat(standstill.isFrozen(SLACK)).isTrue();
    }

    private void told(long millis, boolean moved) {
        standstill.told(at(millis), moved, false, null);
    }

    private static Instant at(long millis) {
        return START.plusMillis(millis);
    }
}
