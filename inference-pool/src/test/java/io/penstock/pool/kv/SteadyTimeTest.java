package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SteadyTimeTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private final SteadyTime time = new SteadyTime();

    @Test
    void whenTheClockIsSetBackTimeGoesOnFromWhereItWas() {
        assertThat(time.at(NOW)).isEqualTo(NOW);
        assertThat(time.at(NOW.minusSeconds(600))).isEqualTo(NOW);
        assertThat(time.at(NOW.minusSeconds(599))).isEqualTo(NOW.plusSeconds(1));
        assertThat(time.at(NOW.minusSeconds(700))).isEqualTo(NOW.plusSeconds(1));
        assertThat(time.past(NOW.minusSeconds(699))).isEqualTo(NOW.plusSeconds(2));
    }

    @Test
    void whatWasAskedForAWhileAgoIsInThePastAndNoStep() {
        time.at(NOW);
        assertThat(time.past(NOW.minusSeconds(2))).isEqualTo(NOW.minusSeconds(2));
        assertThat(time.at(NOW.plusMillis(1))).isEqualTo(NOW.plusMillis(1));
        assertThat(time.at(NOW.minusMillis(100))).as("another thread's reading").isEqualTo(NOW.minusMillis(100));
    }

    @Test
    void whatWasAskedForBeforeTheStepIsNotInTheFuture() {
        time.at(NOW);
        time.at(NOW.minusSeconds(600));
        assertThat(time.past(NOW)).isEqualTo(NOW);
        assertThat(time.at(NOW.minusSeconds(599))).isEqualTo(NOW.plusSeconds(1));
    }

    @Test
    void itNeverRunsBackByMoreThanReadingsMayBeOutOfOrder() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Instant clock = NOW;
        Instant before = time.at(clock);
        for (int i = 0; i < 10_000; i++) {
            clock = random.nextInt(50) == 0
                    ? clock.minusSeconds(random.nextInt(10_000))
                    : clock.plusMillis(random.nextInt(100));
            Instant next = time.at(clock);
            assertThat(next).as("seed %d reading %d", seed, i).isAfterOrEqualTo(before.minusMillis(250));
            before = next;
        }
    }
}
