package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.EngineLoad;
import io.penstock.simulator.engine.EngineProfile;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Cost;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What work without end makes of an engine's cache.
class CacheUseTest {
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
    private static final EngineProfile A100 = EngineProfile.LLAMA_3_1_8B_A100_40G;
    private static final double REQUEST = (double) GatedEngine.TICKET.kvTokens()
            / EngineProfile.LLAMA_3_1_8B_A100_40G.limits().kvCacheSizeTokens();

    /// The A100 computes some 6,600 prompt tokens of such requests a second if it is sent whatever it takes.
    @ParameterizedTest
    @CsvSource({"50, true, 5800", "250, true, 5800", "1000, true, 5800", "50, false, 5800"})
    void anEngineIsFilledToItsCeilingAndNoFurther(long scrapeEveryMs, boolean tellsKvUse, double least) {
        GatedEngine engine = new GatedEngine(A100, Duration.ofMillis(scrapeEveryMs));
        engine.tellsKvUse = tellsKvUse;
        engine.run(Duration.ofSeconds(30));
        double computed = engine.computedPerSecond(Duration.ofMinutes(2));

        assertThat(engine.mostInUse).isLessThanOrEqualTo(Ceilings.DEFAULT.low() + REQUEST);
        assertThat(computed).as("prompt tokens a second").isGreaterThan(least);
    }

    @Test
    void ticketsThatWaitHereAreNotInEachOthersWay() {
        EndpointGate gate = new EndpointGate(GatePolicy.DEFAULT);
        gate.observe(account(0.5, NOW));
        for (int i = 1; i <= 3; i++) {
            gate.book(id(i), Band.LOW, new Cost(500, 1500), NOW);
        }

        assertThat(gate.gate(NOW).spare().low()).as("pulled for further ones").isZero();
        assertThat(gate.clearance(id(1), NOW)).isEqualTo(Clearance.GO);
        gate.sent(id(1), NOW);
        assertThat(gate.clearance(id(2), NOW)).as("what was sent is").isEqualTo(Clearance.NO_ROOM);
    }

    @Test
    void whatIsSeenInTheCacheDoesNotLetPaceTakeHalfWrittenAnswersForDone() {
        Growth growth = new Growth(1100, null, 0);
        growth.add(new Cost(500, 200), 20);
        growth.add(new Cost(500, 200), 20);

        assertThat(growth.tokens()).as("of 400 tokens of output 100 are there").isEqualTo(300);
    }

    @Test
    void paceCountsWhereOthersAreInTheCacheAndPromptsThatAreSharedOnlyMakeCautious() {
        Growth besideOthers = new Growth(10_000, new Told<>(4, NOW, Duration.ZERO), 0);
        besideOthers.add(new Cost(500, 200), 120);
        besideOthers.add(new Cost(500, 200), 120);
        assertThat(besideOthers.tokens()).isEqualTo(240);

        Growth shared = new Growth(600, null, 0);
        shared.add(new Cost(500, 200), 20);
        shared.add(new Cost(500, 200), 20);
        assertThat(shared.tokens()).as("all the output, and no more").isEqualTo(400);
    }

    @Test
    void promptsThatWaitAtTheEngineHoldNothing() {
        Growth growth = new Growth(600, null, 500);
        growth.add(new Cost(500, 200), 150);
        growth.add(new Cost(500, 200), 200);

        assertThat(growth.tokens()).isEqualTo(350);
    }

    private static EngineLoad account(double kvUse, Instant at) {
        return new EngineLoad(1, 0, OptionalDouble.of(kvUse), OptionalLong.of(10_000), 0, at);
    }

    private static RequestId id(int n) {
        return new RequestId("r" + n);
    }
}
