package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.simulator.engine.EngineProfile;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaceLimitTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Duration FAST = Duration.ofSeconds(2);
    private static final Duration SLOW = Duration.ofSeconds(8);

    private final PaceLimit limit = new PaceLimit(16, 64, 3);

    @Test
    void eachAnswerThatIsFastEnoughMakesRoomForOneMoreAndEachThatIsNotForOneLess() {
        answers(10, 100, FAST);
        assertThat(limit.limit()).isEqualTo(26);
        answers(4, 100, SLOW);
        assertThat(limit.limit()).isEqualTo(22);
        answers(100, 100, SLOW);
        assertThat(limit.limit()).as("the least").isEqualTo(16);
        answers(100, 100, FAST);
        assertThat(limit.limit()).as("the most").isEqualTo(64);
    }

    @Test
    void itGrowsOnlyWhereItIsUsedAndNotByShortAnswers() {
        limit.ended(100, FAST, 15);
        answers(5, 15, FAST);
        answers(5, 0, FAST);
        assertThat(limit.limit()).isEqualTo(16);
    }

    @Test
    void itBeginsAnewWithWhatItKnowsOfTheFastest() {
        answers(10, 100, FAST);
        limit.restart();
        assertThat(limit.limit()).isEqualTo(16);
        answers(10, 100, SLOW);
        assertThat(limit.limit()).as("four times as slow as the fastest").isEqualTo(16);
    }

    @Test
    void anEngineThatHasBecomeSlowerForGoodIsFoundOutAgain() {
        answers(1, 100, FAST);
        answers(5000, 100, SLOW);
        assertThat(limit.limit()).isEqualTo(64);
    }

    @Test
    void withoutASlowdownNothingIsAdded() {
        PaceLimit fixed = new PaceLimit(16, 64, 1);
        for (int i = 0; i < 100; i++) {
            fixed.ended(100, FAST, 16);
        }
        assertThat(fixed.limit()).isEqualTo(16);
    }

    /// With 16 requests at a time the A100 computes some 2,600 prompt tokens a second, with all it can hold 6,600.
    @Test
    void anEngineThatTellsNothingIsFilledAsFarAsItsAnswersStayQuick() {
        GatedEngine engine = new GatedEngine(EngineProfile.LLAMA_3_1_8B_A100_40G, Duration.ofMillis(50));
        engine.tellsAnything = false;
        engine.run(Duration.ofSeconds(30));
        long before = engine.computedTokens;
        engine.run(Duration.ofMinutes(1));

        assertThat((engine.computedTokens - before) / 60)
                .as("prompt tokens a second")
                .isGreaterThan(4500);
    }

    @Test
    void whileChatIsToldOfSuchAnEngineHasAFewRequests() {
        GatedEngine engine = new GatedEngine(EngineProfile.LLAMA_3_1_8B_A100_40G, Duration.ofMillis(50));
        engine.tellsAnything = false;
        engine.run(Duration.ofSeconds(30));
        assertThat(engine.gate.inFlight()).isGreaterThan(32);
        Instant chat = NOON.plusSeconds(30);
        engine.gate.told("api", 3, 1, chat);
        engine.gate.tick(chat);

        assertThat(engine.gate.gate(chat).isClosed()).isTrue();
    }

    private void answers(int number, long tokens, Duration took) {
        for (int i = 0; i < number; i++) {
            limit.ended(tokens, took, limit.limit());
        }
    }
}
