package io.penstock.pool.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void itDoublesUpToItsMostAndBeginsAnewWhenItWentWell() {
        long seed = new Random().nextLong();
        Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), new Random(seed));

        for (long whole : new long[] {500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000}) {
            assertThat(backoff.next().toMillis()).as("seed %d", seed).isBetween(whole / 2, whole);
        }
        backoff.reset();
        assertThat(backoff.next().toMillis()).as("seed %d", seed).isBetween(250L, 500L);
    }

    @Test
    void noTwoComeBackTogether() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        assertThat(random.ints(50)
                        .mapToObj(each ->
                                new Backoff(Duration.ofSeconds(30), Duration.ofSeconds(30), new Random(each)).next())
                        .distinct()
                        .count())
                .as("seed %d", seed)
                .isGreaterThan(40);
    }
}
