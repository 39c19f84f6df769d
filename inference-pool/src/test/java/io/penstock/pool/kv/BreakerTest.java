package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.record.Pull.Spare;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Gate OPEN = new Gate(new Spare(300, 200, 100), 64, Gate.Signal.KV);

    private final Breaker breaker = new Breaker();
    private Instant now = NOON;

    @Test
    void fiveFailuresInARowLeaveTheEngineAloneForASecond() {
        fail(4);
        breaker.succeeded();
        fail(4);
        assertThat(breaker.through(OPEN, 10, now)).isEqualTo(OPEN);
        fail(1);
        assertThat(breaker.through(OPEN, 0, now)).isEqualTo(Gate.closed(Gate.Signal.FAILING));
        assertThat(breaker.isOpen(now.plusMillis(999))).isTrue();
        assertThat(breaker.isOpen(now.plusSeconds(1))).isFalse();
    }

    @Test
    void afterThePauseOneRequestFindsOut() {
        fail(5);
        now = now.plusSeconds(1);
        assertThat(breaker.through(OPEN, 0, now)).isEqualTo(new Gate(OPEN.spare(), 1, Gate.Signal.KV));
        assertThat(breaker.admits(0, now)).isTrue();
        assertThat(breaker.through(OPEN, 1, now)).isEqualTo(Gate.closed(Gate.Signal.FAILING));
        assertThat(breaker.admits(1, now)).isFalse();
        breaker.succeeded();
        assertThat(breaker.through(OPEN, 1, now)).isEqualTo(OPEN);
    }

    @Test
    void eachFailedProbeDoublesThePauseUpToAMinute() {
        fail(5);
        for (int expected : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            assertThat(pause()).isEqualTo(Duration.ofSeconds(expected));
            now = now.plusSeconds(expected);
            fail(1);
        }
    }

    @Test
    void whatEndsDuringThePauseTeachesNothingNew() {
        fail(64);
        assertThat(pause()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void anEngineThatRefusesOurAccessIsLeftAloneAtOnce() {
        breaker.refusedUs(now);
        assertThat(pause()).isEqualTo(Duration.ofSeconds(30));
        now = now.plusSeconds(30);
        breaker.refusedUs(now);
        assertThat(pause()).isEqualTo(Duration.ofSeconds(30));
    }

    private Duration pause() {
        Duration pause = Duration.ZERO;
        while (breaker.isOpen(now.plus(pause))) {
            pause = pause.plusSeconds(1);
        }
        return pause;
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed(now);
        }
    }
}
