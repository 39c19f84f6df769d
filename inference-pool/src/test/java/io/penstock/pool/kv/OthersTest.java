package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.EngineLoad;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OthersTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private final Others others = new Others(Duration.ofSeconds(2), new Pace());

    @Test
    void twoAccountsInARowShowThem() {
        observe(load(1, 0, NOW), 0);
        assertThat(others.arePresent(NOW)).isFalse();
        observe(load(0, 1, NOW.plusMillis(50)), 0);
        assertThat(others.arePresent(NOW.plusMillis(50))).isTrue();
        assertThat(others.count()).isOne();
    }

    @Test
    void theyLinger() {
        observe(load(1, 0, NOW), 0);
        observe(load(1, 0, NOW), 0);
        assertThat(others.arePresent(NOW.plusMillis(1999))).isTrue();
        assertThat(others.arePresent(NOW.plusMillis(2000))).isFalse();
    }

    /// Ours come and go at random behind a gauge that tells of two steps ago; nobody else is there.
    @Test
    void oursAloneAreNeverTakenForThem() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int running = 0;
        int[] before = new int[3];
        for (int step = 0; step < 2_000; step++) {
            Instant at = NOW.plusMillis(75L * step);
            for (int ends = random.nextInt(4); ends > 0 && running > 0; ends--) {
                running--;
                others.ended(at);
            }
            observe(load(before[(step + 1) % 3], 0, at), running);
            assertThat(others.arePresent(at)).as("seed %d step %d", seed, step).isFalse();
            running += random.nextInt(4);
            before[step % 3] = running;
        }
    }

    @Test
    void endsAreForgottenInTimeAndNeverMoreThanSoManyAreKept() {
        for (int i = 0; i < 10_000; i++) {
            others.ended(NOW.plusMillis(i / 10));
        }
        assertThat(others.endsKept()).isEqualTo(4096);
        others.forget(NOW.plusSeconds(3).plusMillis(500));
        assertThat(others.endsKept()).isEqualTo(4096);
        others.forget(NOW.plusSeconds(3).plusMillis(900));
        assertThat(others.endsKept()).isEqualTo(1000);
        others.forget(NOW.plusSeconds(5));
        assertThat(others.endsKept()).isZero();
    }

    private void observe(EngineLoad load, int ours) {
        others.observe(load, ours, load.takenAt());
    }

    private static EngineLoad load(int running, int waiting, Instant at) {
        return new EngineLoad(running, waiting, OptionalDouble.of(0), OptionalLong.of(1000), 0, at);
    }
}
