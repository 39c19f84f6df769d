package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.EngineLoad;
import io.penstock.simulator.engine.EngineProfile;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Cost;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class PromptPacingTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Duration WARM_UP = Duration.ofSeconds(30);
    private static final Duration MEASURED = Duration.ofSeconds(30);
    private static final RequestId LARGE = new RequestId("large");

    private final Set<RequestId> sent = new HashSet<>();

    @Test
    void slowAccountsCostNoThroughputWhileNoOthersAreThere() {
        double fast = promptTokensPerSecond(Duration.ofMillis(50));
        assertThat(promptTokensPerSecond(Duration.ofMillis(250))).isCloseTo(fast, Percentage.withPercentage(10));
        assertThat(promptTokensPerSecond(Duration.ofSeconds(1))).isCloseTo(fast, Percentage.withPercentage(10));
    }

    private static double promptTokensPerSecond(Duration scrapeEvery) {
        GatedEngine engine = new GatedEngine(EngineProfile.LLAMA_3_1_8B_H100, scrapeEvery);
        engine.run(WARM_UP);
        return engine.computedPerSecond(MEASURED);
    }

    @Test
    void aChatCallNeverFindsMorePromptsBeforeItThanTheSettingSaysHoweverFastTheEngineIs() {
        for (int millis : new int[] {50, 250, 1000}) {
            GatedEngine engine = new GatedEngine(EngineProfile.LLAMA_3_1_8B_H100, Duration.ofMillis(millis));
            engine.run(WARM_UP);
            engine.chat(Duration.ofMillis(100));
            engine.run(Duration.ofSeconds(5));
            engine.mostBeforeChat = 0;
            engine.run(MEASURED);
            assertThat(engine.gate.others()).as("others at %s ms", millis).isPositive();
            assertThat(engine.mostBeforeChat)
                    .as("accounts every %s ms", millis)
                    .isLessThanOrEqualTo(GateLimits.DEFAULT.prefillTokens());
        }
    }

    @Test
    void aLargeLowPromptTakesItsTurnBehindSmallNormalOnesThatNeverLeaveItAGap() {
        EndpointGate gate = new EndpointGate(GatePolicy.DEFAULT);
        gate.book(LARGE, Band.LOW, new Cost(5000, 10), NOW);
        Instant sentAt = NOW;
        for (int look = 0; look == 0 || gate.clearance(LARGE, sentAt) != Clearance.GO; look++) {
            assertThat(look).as("looks").isLessThan(60);
            sentAt = NOW.plusMillis(50L * look);
            gate.observe(account(look, sentAt));
            gate.tick(sentAt);
            small(gate, look, sentAt);
        }
        assertThat(sentAt).isBetween(NOW.plusMillis(1000), NOW.plusMillis(1400));

        gate.sent(LARGE, sentAt);
        for (RequestId id : sent) {
            gate.release(id, 10, sentAt);
        }
        gate.book(id(900), Band.LOW, new Cost(5000, 10), NOW);
        assertThat(gate.clearance(id(900), sentAt.plusMillis(10))).isEqualTo(Clearance.PROMPTS_FIRST);
        gate.book(id(901), Band.HIGH, new Cost(5000, 10), NOW);
        assertThat(gate.clearance(id(901), sentAt)).isEqualTo(Clearance.GO);
    }

    /// A prompt of 200 tokens every 50 ms, each of which is shown 150 ms later: there are always some.
    private void small(EndpointGate gate, int n, Instant now) {
        gate.book(id(n), Band.NORMAL, new Cost(200, 10), now);
        for (int i = Math.max(0, n - 40); i <= n; i++) {
            if (!sent.contains(id(i)) && gate.clearance(id(i), now) == Clearance.GO) {
                gate.sent(id(i), now);
                sent.add(id(i));
            }
        }
    }

    @Test
    void aPromptWhoseAnswerWasSeenToBeginHoldsUpNobody() {
        EndpointGate gate = new EndpointGate(GatePolicy.DEFAULT);
        gate.observe(account(0, NOW));
        gate.book(id(1), Band.LOW, new Cost(2000, 10), NOW);
        gate.book(id(2), Band.LOW, new Cost(2000, 10), NOW);
        gate.sent(id(1), NOW);
        assertThat(gate.clearance(id(2), NOW.plusMillis(40))).isEqualTo(Clearance.PROMPTS_FIRST);
        gate.begun(id(1));
        assertThat(gate.clearance(id(2), NOW.plusMillis(41))).isEqualTo(Clearance.GO);
    }

    /// One that moves with each look.
    private static EngineLoad account(int look, Instant at) {
        return new EngineLoad(0, 0, OptionalDouble.of(0.001 * (look % 2)), OptionalLong.of(100_000), 0, at);
    }

    private static RequestId id(int n) {
        return new RequestId("r" + n);
    }
}
