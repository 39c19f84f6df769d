package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.EngineLoad;
import io.penstock.simulator.engine.EngineProfile;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Cost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
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

    /// Some 9,000 tokens a second on the H100 and 6,600 on the A100, decoding included.
    @Test
    void onePromptAtATimeKeepsAnEngineAsBusyAsARowOfThem() {
        for (EngineProfile profile : List.of(EngineProfile.LLAMA_3_1_8B_H100, EngineProfile.LLAMA_3_1_8B_A100_40G)) {
            GatedEngine one = new GatedEngine(profile, Duration.ofMillis(50));
            GatedEngine row = new GatedEngine(profile, Duration.ofMillis(50), leaving(4096));
            one.run(WARM_UP);
            row.run(WARM_UP);
            assertThat(one.computedPerSecond(MEASURED))
                    .as("prompt tokens a second")
                    .isGreaterThan(0.97 * row.computedPerSecond(MEASURED));
        }
    }

    @Test
    void theFirstCallOfAWaveFindsFewerPromptsBeforeItThanInARow() {
        for (int millis : new int[] {50, 1000}) {
            Duration scrape = Duration.ofMillis(millis);
            double one = beforeFirstCalls(new GatedEngine(EngineProfile.LLAMA_3_1_8B_A100_40G, scrape));
            double row = beforeFirstCalls(new GatedEngine(EngineProfile.LLAMA_3_1_8B_A100_40G, scrape, leaving(1536)));
            assertThat(one).as("prompt tokens, accounts every %s ms", millis).isLessThan(0.65 * row);
        }
    }

    private static double beforeFirstCalls(GatedEngine engine) {
        engine.run(WARM_UP);
        engine.chat(Duration.ofMillis(20_730));
        engine.run(Duration.ofMinutes(10));
        assertThat(engine.beforeFirstCalls).hasSizeGreaterThan(20);
        return engine.beforeFirstCalls.stream()
                .mapToLong(Long::longValue)
                .average()
                .orElseThrow();
    }

    /// A new worker has no time to lose: within two seconds a large engine is used for what it is worth.
    @Test
    void theSpeedOfAnEngineIsFoundWithSeveralPromptsThere() {
        GatedEngine engine = new GatedEngine(EngineProfile.LLAMA_3_1_8B_H100, Duration.ofMillis(50));
        engine.run(Duration.ofSeconds(2));
        double found = engine.gate.promptTokensPerSecond();
        engine.run(WARM_UP);
        assertThat(found).isGreaterThan(0.9 * engine.gate.promptTokensPerSecond());
    }

    @Test
    void theGateSaysWhenTheNextPromptIsDue() {
        EndpointGate gate = new EndpointGate(GatePolicy.DEFAULT);
        gate.observe(account(0, NOW));
        assertThat(gate.untilNextPrompt(NOW)).as("its speed is not known").isEmpty();
        Instant now = computes(gate, 5000);

        gate.book(id(900), Band.LOW, new Cost(2000, 10), now);
        gate.sent(id(900), now);
        gate.book(id(901), Band.LOW, new Cost(2000, 10), now);
        Duration wait = gate.untilNextPrompt(now).orElseThrow();
        assertThat(wait).isBetween(Duration.ofMillis(300), Duration.ofMillis(450));
        assertThat(gate.clearance(id(901), now.plus(wait).minusMillis(1))).isEqualTo(Clearance.PROMPTS_FIRST);
        assertThat(gate.clearance(id(901), now.plus(wait).plusMillis(1))).isEqualTo(Clearance.GO);
    }

    /// As many GPUs behind one address: it computes within 50 ms whatever it is sent, and answers after 200.
    @Test
    void theSpeedOfALargeEngineIsFoundOut() {
        EndpointGate gate = new EndpointGate(GatePolicy.DEFAULT);
        Deque<Instant> running = new ArrayDeque<>();
        int first = 1;
        for (int ms = 0; ms < 30_000; ms += 5) {
            Instant now = NOW.plusMillis(ms);
            for (; !running.isEmpty() && !running.getFirst().isAfter(now.minusMillis(200)); running.removeFirst()) {
                gate.release(id(first++), 10, now);
            }
            if (ms % 50 == 0) {
                gate.tick(now);
                gate.observe(account(ms / 50, running.size(), 10_000_000, now));
            }
            gate.book(id(first + running.size()), Band.LOW, new Cost(512, 10), now);
            while (gate.clearance(id(first + running.size()), now) == Clearance.GO) {
                gate.sent(id(first + running.size()), now);
                running.addLast(now);
                gate.book(id(first + running.size()), Band.LOW, new Cost(512, 10), now);
            }
        }
        assertThat(gate.promptTokensPerSecond()).as("after half a minute").isGreaterThan(30_000);
    }

    /// An engine that shows within 50 ms that it has computed what it was sent, so many tokens a second, while there is
    /// more than it may be sent.
    private static Instant computes(EndpointGate gate, int tokensPerSecond) {
        Instant now = NOW;
        for (int look = 0; look < 41; look++) {
            now = NOW.plusMillis(50L * look);
            gate.observe(account(look, now));
            gate.release(id(look - 1), 0, now);
            gate.book(id(look), Band.LOW, new Cost(tokensPerSecond / 20, 10), now);
            gate.sent(id(look), now);
            gate.book(id(1000), Band.LOW, new Cost(4000, 10), now);
            assertThat(gate.clearance(id(1000), now)).isEqualTo(Clearance.PROMPTS_FIRST);
            gate.release(id(1000), 0, now);
        }
        now = now.plusMillis(50);
        gate.observe(account(41, now));
        return now;
    }

    private static GatePolicy leaving(int tokens) {
        return GatePolicy.DEFAULT.with(GateLimits.DEFAULT.withPrefillLeft(tokens));
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
        return account(look, 0, 100_000, at);
    }

    private static EngineLoad account(int look, int running, long capacity, Instant at) {
        return new EngineLoad(running, 0, OptionalDouble.of(0.001 * (look % 2)), OptionalLong.of(capacity), 0, at);
    }

    private static RequestId id(int n) {
        return new RequestId("r" + n);
    }
}
