package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.penstock.pool.EngineLoad;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Cost;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CeilingStepsTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Ceilings LOWEST = new Ceilings(0.9, 0.7, 0.35);
    private static final Duration WINDOW = Duration.ofSeconds(2);

    private final CeilingSteps steps = new CeilingSteps(Ceilings.DEFAULT, LOWEST, WINDOW);
    private Instant now = NOW;

    @Test
    void theyComeDownAtOnceToTheStepThatIsDueAndGoUpOneByOne() {
        assertThat(low(0)).isEqualTo(0.75);
        assertThat(low(0.24)).isEqualTo(0.75);
        assertThat(low(0.25)).isEqualTo(0.65);
        assertThat(low(0.99)).isEqualTo(0.45);
        assertThat(low(7)).isEqualTo(0.35);
        assertThat(low(0)).isEqualTo(0.45);
        assertThat(low(0)).isEqualTo(0.55);
        assertThat(low(0)).isEqualTo(0.65);
        assertThat(low(0)).isEqualTo(0.75);
        assertThat(steps.ceilings()).isEqualTo(Ceilings.DEFAULT);
    }

    @Test
    void pressureThatWaversAboutAStepChangesNothing() {
        assertThat(low(0.5)).isEqualTo(0.55);
        for (int i = 0; i < 10; i++) {
            assertThat(low(0.4)).isEqualTo(0.55);
            assertThat(low(0.5)).isEqualTo(0.55);
        }
        assertThat(low(0.37)).isEqualTo(0.65);
    }

    @Test
    void aPeakInAWindowCountsWhenItEnds() {
        steps.observe(0, now);
        steps.observe(1, now.plusMillis(100));
        steps.observe(0, now.plusMillis(1999));
        assertThat(steps.ceilings()).isEqualTo(Ceilings.DEFAULT);
        steps.observe(0, now.plusMillis(2000));
        assertThat(steps.ceilings()).isEqualTo(Ceilings.DEFAULT.towards(LOWEST, 1));
    }

    @Test
    void ceilingsThatAreHigherWithOthersThanWithoutDoNotRise() {
        assertThat(new Ceilings(0.8, 0.6, 0.4).towards(new Ceilings(1, 0.5, 0.5), 1))
                .isEqualTo(new Ceilings(0.8, 0.5, 0.4));
    }

    @Test
    void morePressureNeverGivesHigherCeilingsAndOneWindowAtMostOneChange() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            CeilingSteps less = new CeilingSteps(Ceilings.DEFAULT, LOWEST, WINDOW);
            CeilingSteps more = new CeilingSteps(Ceilings.DEFAULT, LOWEST, WINDOW);
            Instant at = NOW;
            Instant changedAt = Instant.MIN;
            for (int i = 0; i < 200; i++) {
                at = at.plusMillis(random.nextInt(900));
                double pressure = random.nextDouble() * 1.2;
                Ceilings before = more.ceilings();
                less.observe(pressure * random.nextDouble(), at);
                more.observe(pressure, at);
                for (Band band : Band.values()) {
                    assertThat(more.ceilings().of(band))
                            .as("seed %d round %d", seed, round)
                            .isLessThanOrEqualTo(less.ceilings().of(band));
                }
                if (!more.ceilings().equals(before)) {
                    assertThat(changedAt).as("seed %d round %d", seed, round).isBeforeOrEqualTo(at.minus(WINDOW));
                    changedAt = at;
                }
            }
        }
    }

    /// 30 of 40 requests are chat's, and 0.6 of the cache is used: 0.45 of it is theirs, nine tenths of the
    /// half at which the ceilings are lowest.
    @Test
    void theGateLowersItsCeilingsByTheOthersShareOfTheCacheAndRaisesThemWhenTheyHaveGone() {
        EndpointGate gate = new EndpointGate(GatePolicy.DEFAULT);
        for (int i = 0; i < 10; i++) {
            gate.book(new RequestId("r" + i), Band.LOW, new Cost(9, 9), NOW);
            gate.sent(new RequestId("r" + i), NOW);
        }
        for (int i = 0; i < 100; i++) {
            gate.observe(account(40, 0.6 + 0.0001 * i, NOW.plusMillis(50L * i)));
        }
        assertThat(gate.ceilings(NOW.plusSeconds(5)).low()).isEqualTo(0.5625);
        assertThat(gate.ceilings(NOW.plusSeconds(5)).normal()).isCloseTo(0.6825, within(1e-9));
        for (int i = 100; i < 400; i++) {
            gate.observe(account(10, 0.2 + 0.0001 * i, NOW.plusMillis(50L * i)));
        }
        assertThat(gate.ceilings(NOW.plusSeconds(20))).isEqualTo(Ceilings.DEFAULT);
    }

    private double low(double pressure) {
        steps.observe(pressure, now);
        now = now.plus(WINDOW);
        steps.observe(pressure, now);
        double low = steps.ceilings().low();
        assertThat(low).isGreaterThanOrEqualTo(0.35);
        return Math.round(low * 1e6) / 1e6;
    }

    private static EngineLoad account(int running, double use, Instant at) {
        return new EngineLoad(running, 0, OptionalDouble.of(use), OptionalLong.of(100_000), 0, at);
    }
}
