package io.penstock.pool.pick;

import static io.penstock.pool.pick.Candidates.NOW;
import static io.penstock.pool.pick.Candidates.at;
import static io.penstock.pool.pick.Candidates.load;
import static io.penstock.pool.pick.Candidates.old;
import static io.penstock.pool.pick.Candidates.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.EngineLoad;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SaturationTest {
    private final PickPolicy.Limits limits = PickPolicy.Limits.DEFAULT;
    private final Saturation saturation = new Saturation(limits);

    @ParameterizedTest
    @CsvSource({
        "5, 0.9, true",
        "6, 0.0, false",
        "0, 0.91, false",
        "0, 0.0, true",
    })
    void theThresholdsThemselvesAreGood(int waiting, double kvUse, boolean good) {
        assertThat(saturation.isGood(at("a", load(3, waiting, kvUse), 0), NOW)).isEqualTo(good);
    }

    @ParameterizedTest
    @CsvSource({
        // idle: 16 at once, and 5 that may wait
        "0, 0, 21, true",
        "0, 0, 22, false",
        // 40 run and none waits: as many again
        "40, 0, 45, true",
        "40, 0, 46, false",
        // somebody waits: what is sent waits too
        "40, 1, 4, true",
        "40, 1, 5, false",
    })
    void whatWasSentSinceTheAccountCounts(int running, int waiting, int sentSince, boolean good) {
        assertThat(saturation.isGood(at("a", load(running, waiting, 0.1), sentSince), NOW))
                .isEqualTo(good);
    }

    @Test
    void withoutAnAccountOursAreCounted() {
        EngineLoad untold = new EngineLoad(0, 0, OptionalDouble.empty(), OptionalLong.empty(), 0, NOW);
        EngineLoad full = load(90, 50, 1);
        for (EngineLoad load : new EngineLoad[] {null, old(full, Duration.ofMillis(1001))}) {
            assertThat(saturation.isGood(candidate(load, limits.blindCalls() - 1, NOW), NOW))
                    .isTrue();
            assertThat(saturation.isGood(candidate(load, limits.blindCalls(), NOW), NOW))
                    .isFalse();
        }
        assertThat(saturation.isGood(candidate(old(full, Duration.ofSeconds(1)), 1, NOW), NOW))
                .isFalse();
        assertThat(saturation.isGood(candidate(untold, limits.blindCalls(), NOW), NOW))
                .isFalse();
        assertThat(saturation.isGood(candidate(untold, 1, NOW), NOW)).isTrue();
    }

    @Test
    void aGaugeThatStandsStillEarnsOneCall() {
        Instant since = NOW.minus(limits.probeAfter());
        assertThat(saturation.isGood(candidate(load(0, 0, 0.99), 0, since), NOW))
                .isTrue();
        assertThat(saturation.isGood(candidate(load(0, 0, 0.99), 1, since), NOW))
                .isFalse();
        assertThat(saturation.isGood(candidate(load(0, 0, 0.99), 0, since.plusMillis(1)), NOW))
                .isFalse();
        assertThat(saturation.isGood(candidate(load(0, 0, 0.99), 0, Instant.MAX), NOW))
                .isFalse();
    }

    private static Candidate candidate(EngineLoad load, int inFlight, Instant steadySince) {
        return new Candidate(state("a", load), new OurCalls(inFlight, 0, 0, Instant.MIN), steadySince, 0);
    }
}
