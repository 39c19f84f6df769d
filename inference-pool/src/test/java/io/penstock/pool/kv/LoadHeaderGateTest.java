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
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// What a gate makes of answers that tell some of the engine's load between two of its accounts.
class LoadHeaderGateTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final long CAPACITY = 100_000;
    private static final RequestId OURS = new RequestId("r");

    private final EndpointGate gate = new EndpointGate(GatePolicy.DEFAULT);

    @Test
    void anAnswersHeadIsNewerThanThePageBeforeIt() {
        gate.observe(page(10, 0.5, NOW));
        gate.observe(head(0, 0.2, NOW.plusMillis(20)));

        assertThat(gate.gate(NOW.plusMillis(21)).spare().low()).isEqualTo(55_000);
        Knowledge known = gate.knowledge(NOW.plusMillis(21));
        assertThat(known.kvUse()).isEqualTo(new Told<>(0.2, NOW.plusMillis(20), Duration.ofMillis(1)));
        assertThat(known.running()).isEqualTo(new Told<>(10, NOW, Duration.ofMillis(21)));
    }

    @Test
    void aPageThatWasAskedForBeforeAnAnswersHeadTellsOnlyWhatThatDoesNot() {
        gate.observe(page(10, 0.5, NOW));
        gate.observe(head(0, 0.2, NOW.plusMillis(60)));
        gate.observe(page(12, 0.6, NOW.plusMillis(50)));

        Knowledge known = gate.knowledge(NOW.plusMillis(61));
        assertThat(known.kvUse()).isEqualTo(new Told<>(0.2, NOW.plusMillis(60), Duration.ofMillis(1)));
        assertThat(known.running()).isEqualTo(new Told<>(12, NOW.plusMillis(50), Duration.ofMillis(11)));
    }

    @Test
    void whatWasSentBeforeTheHeadCameIsInItAndWhatCameLaterIsBookedWhole() {
        gate.observe(page(0, 0, NOW));
        gate.book(OURS, Band.LOW, new Cost(1000, 1000), NOW);
        gate.sent(OURS, NOW.plusMillis(100));
        gate.observe(head(0, 0.01, NOW.plusMillis(90)));
        assertThat(gate.bookedTokens()).hasValue(1_000 + 2_000);

        gate.observe(head(0, 0.011, NOW.plusMillis(400)));
        assertThat(gate.bookedTokens().orElseThrow()).isBetween(1_100L, 1_100L + 1_000L);
    }

    @Test
    void aQueueThatAnAnswerTellsOfClosesTheGateAtOnce() {
        gate.observe(page(10, 0.5, NOW));
        gate.observe(head(6, 0.5, NOW.plusMillis(20)));

        assertThat(gate.gate(NOW.plusMillis(20))).isEqualTo(Gate.closed(Gate.Signal.WAITING));
    }

    @Test
    void headsAloneDoNotKeepAnAccountOfWhoRunsAlive() {
        gate.observe(page(10, 0.5, NOW));
        for (int i = 1; i <= 30; i++) {
            gate.observe(head(0, 0.5 + 0.001 * i, NOW.plusMillis(100L * i)));
        }
        assertThat(gate.knowledge(NOW.plusSeconds(3)).running()).isNull();
        assertThat(gate.knowledge(NOW.plusSeconds(3)).kvUse()).isNotNull();
    }

    @Test
    void headsShowNoStrangers() {
        for (int i = 0; i < 10; i++) {
            RequestId id = new RequestId("r" + i);
            gate.book(id, Band.LOW, new Cost(10, 10), NOW);
            gate.sent(id, NOW);
        }
        gate.observe(page(10, 0.5, NOW.plusMillis(500)));
        for (int i = 0; i < 10; i++) {
            Instant at = NOW.plusMillis(600 + 10L * i);
            gate.observe(head(0, 0.4 - 0.01 * i, at));
            gate.release(new RequestId("r" + i), 10, at);
        }
        assertThat(gate.others()).isZero();
        assertThat(gate.othersPresent(NOW.plusMillis(700))).isFalse();
    }

    /// With a cache of 37 requests, room that is found a second late is what counts.
    @Test
    void headsMakeUpForSlowPages() {
        double fast = tokensPerSecond(Duration.ofMillis(50), false);
        double slow = tokensPerSecond(Duration.ofSeconds(1), false);
        double slowWithHeads = tokensPerSecond(Duration.ofSeconds(1), true);

        assertThat(slowWithHeads).as("of %s with pages every 50 ms", fast).isGreaterThan(0.95 * fast);
        assertThat(slow).as("of %s with heads", slowWithHeads).isLessThan(slowWithHeads);
    }

    static double tokensPerSecond(Duration scrapeEvery, boolean tellsWithAnswers) {
        EngineProfile small = EngineProfile.LLAMA_3_1_8B_H100.withLimits(
                EngineProfile.LLAMA_3_1_8B_H100.limits().withNumGpuBlocks(2000));
        GatedEngine engine = new GatedEngine(small, scrapeEvery);
        engine.tellsWithAnswers = tellsWithAnswers;
        engine.run(Duration.ofSeconds(20));
        return engine.computedPerSecond(Duration.ofSeconds(30));
    }

    private static EngineLoad page(int running, double use, Instant at) {
        return new EngineLoad(running, 0, OptionalDouble.of(use), OptionalLong.of(CAPACITY), 0, at);
    }

    private static EngineLoad head(int waiting, double use, Instant at) {
        OptionalInt queue = OptionalInt.of(waiting);
        return new EngineLoad(
                OptionalInt.empty(),
                queue,
                queue,
                OptionalDouble.of(use),
                OptionalLong.empty(),
                OptionalLong.empty(),
                at);
    }
}
