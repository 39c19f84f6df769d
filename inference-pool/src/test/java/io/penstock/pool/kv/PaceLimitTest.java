package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.simulator.engine.EngineProfile;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PaceLimitTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Duration FAST = Duration.ofSeconds(2);
    private static final Duration SLOW = Duration.ofSeconds(8);
    private static final int PROBE = 8;

    private final PaceLimit limit = new PaceLimit(16, 64, 3);
    private Instant now = NOON;

    @BeforeEach
    void noOthersAreThere() {
        limit.resume(now);
    }

    @Test
    void twoAnswersThatAreFastEnoughMakeRoomForOneMoreAndEachThatIsTooSlowForOneLess() {
        probe(FAST);
        answers(20, 100, FAST);
        assertThat(limit.limit()).isEqualTo(26);
        answers(4, 100, SLOW);
        assertThat(limit.limit()).isEqualTo(22);
        answers(4, 100, Duration.ofSeconds(7));
        assertThat(limit.limit()).as("between 6 and 7.5 seconds").isEqualTo(22);
        answers(100, 100, SLOW);
        assertThat(limit.limit()).as("the least").isEqualTo(16);
        answers(100, 100, FAST);
        assertThat(limit.limit()).as("the most").isEqualTo(64);
    }

    @Test
    void itGrowsOnlyWhereItIsUsedAndNotByShortAnswers() {
        probe(FAST);
        answer(100, FAST, 11);
        answers(5, 15, FAST);
        answers(5, 0, FAST);
        assertThat(limit.limit()).isEqualTo(16);
    }

    @Test
    void aPlaceThatIsBeingFilledIsNotFree() {
        probe(FAST);
        for (int i = 0; i < 20; i++) {
            answer(100, FAST, limit.limit() - 4);
        }
        assertThat(limit.limit()).isEqualTo(26);
    }

    @Test
    void whatWasSentBeforeThereWereAsManyAsMayBeTellsOfNoMore() {
        probe(FAST);
        answers(20, 100, FAST);
        pause(Duration.ofSeconds(90));
        Instant early = now;
        limit.sent(20, now.plusSeconds(1));
        limit.ended(100, early, now.plusSeconds(2), 26);
        assertThat(limit.limit()).isEqualTo(26);
        limit.ended(100, now.plusSeconds(1), now.plusSeconds(3), 26);
        limit.ended(100, now.plusSeconds(1), now.plusSeconds(3), 26);
        assertThat(limit.limit()).isEqualTo(27);
    }

    @Test
    void inAPauseThereAreTheFewestAndAfterItAsManyAsBefore() {
        probe(FAST);
        answers(20, 100, FAST);
        limit.pause(now);
        answers(20, 100, SLOW);
        assertThat(limit.limit()).isEqualTo(16);
        limit.pause(now);
        limit.resume(now);
        assertThat(limit.limit()).isEqualTo(26);
        limit.ended(100, now.minusSeconds(1), now.plus(SLOW), 26);
        assertThat(limit.limit()).as("it was sent in the pause").isEqualTo(26);
    }

    @Test
    void afterALongPauseItLooksHowFastTheEngineCanBe() {
        probe(FAST);
        answers(20, 100, FAST);
        pause(Duration.ofMinutes(10));
        assertThat(limit.limit()).isEqualTo(16);
        limit.ended(100, now.minusSeconds(1), now.plusSeconds(1), 16);
        answersOfAProbe(PROBE - 1, FAST);
        assertThat(limit.limit()).as("one was sent before the probe").isEqualTo(16);
        answersOfAProbe(1, FAST);
        assertThat(limit.limit()).isEqualTo(26);
    }

    @Test
    void anEngineThatHasBecomeSlowerForGoodIsFoundOut() {
        probe(FAST);
        pauseAndProbe(SLOW);
        answers(10, 100, SLOW);
        assertThat(limit.limit()).as("it may be others whom nobody tells of").isEqualTo(16);
        pauseAndProbe(SLOW);
        answers(20, 100, SLOW);
        assertThat(limit.limit()).isEqualTo(26);
    }

    @Test
    void everyTenMinutesItLooksHowFastTheEngineCanBe() {
        probe(FAST);
        answers(100, 100, FAST);
        answers(1, 100, Duration.ofMinutes(10));
        assertThat(limit.limit()).isEqualTo(16);
    }

    @Test
    void withoutASlowdownNothingIsAdded() {
        PaceLimit fixed = new PaceLimit(16, 64, 1);
        fixed.resume(now);
        for (int i = 0; i < 100; i++) {
            fixed.sent(16, now);
            now = now.plus(FAST);
            fixed.ended(100, now.minus(FAST), now, 16);
        }
        assertThat(fixed.limit()).isEqualTo(16);
    }

    @Test
    void anEngineThatTellsNothingIsNotOverfilledByAnHourOfBatch() {
        GatedEngine engine = new GatedEngine(EngineProfile.LLAMA_3_1_8B_A100_40G, Duration.ofMillis(50));
        engine.tellsAnything = false;
        double computed = engine.computedPerSecond(Duration.ofHours(1));

        assertThat(engine.mostInUse).as("of its cache").isLessThan(0.75);
        assertThat(computed).as("prompt tokens a second").isGreaterThan(4500);
    }

    /// With 16 requests at a time the A100 computes some 2,600 prompt tokens a second, with all it can hold 6,600.
    @Test
    void anEngineThatTellsNothingIsFilledAsFarAsItsAnswersStayQuick() {
        GatedEngine engine = new GatedEngine(EngineProfile.LLAMA_3_1_8B_A100_40G, Duration.ofMillis(50));
        engine.tellsAnything = false;
        engine.run(Duration.ofSeconds(30));

        assertThat(engine.computedPerSecond(Duration.ofMinutes(1)))
                .as("prompt tokens a second")
                .isGreaterThan(4500);
    }

    /// What it was sent while it told counts for nothing then.
    @Test
    void anEngineThatStopsTellingIsUsedAllTheSame() {
        GatedEngine engine = new GatedEngine(EngineProfile.LLAMA_3_1_8B_A100_40G, Duration.ofMillis(50));
        engine.run(Duration.ofMinutes(1));
        engine.tellsAnything = false;
        engine.run(Duration.ofSeconds(15));

        assertThat(engine.computedPerSecond(Duration.ofSeconds(20)))
                .as("prompt tokens a second")
                .isGreaterThan(2000);
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

    private void pauseAndProbe(Duration took) {
        pause(Duration.ofMinutes(10));
        probe(took);
    }

    private void pause(Duration howLong) {
        now = now.plus(howLong);
        limit.pause(now);
        limit.resume(now);
    }

    private void probe(Duration took) {
        answersOfAProbe(PROBE, took);
    }

    private void answersOfAProbe(int number, Duration took) {
        for (int i = 0; i < number; i++) {
            answer(100, took, 16);
        }
    }

    private void answers(int number, long tokens, Duration took) {
        for (int i = 0; i < number; i++) {
            answer(tokens, took, limit.limit());
        }
    }

    /// One that is sent a moment after the last one has ended.
    private void answer(long tokens, Duration took, int sent) {
        Instant sentAt = now.plusMillis(1);
        limit.sent(sent, sentAt);
        now = sentAt.plus(took);
        limit.ended(tokens, sentAt, now, sent);
    }
}
