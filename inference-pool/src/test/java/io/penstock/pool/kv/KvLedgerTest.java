package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.EngineLoad;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Cost;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class KvLedgerTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final int CAPACITY = 10_000;

    private final Pace pace = new Pace();
    private final KvLedger ledger = new KvLedger(pace);
    private final Signals signals = new Signals(GateLimits.DEFAULT, pace);
    private Knowledge known = signals.at(NOW);

    @Test
    void withoutAnAccountNothingIsKnown() {
        assertThat(ledger.booked(known)).isEmpty();
        observe(new EngineLoad(0, 0, OptionalDouble.empty(), OptionalLong.of(CAPACITY), 0, NOW));
        assertThat(ledger.booked(known)).isEmpty();
    }

    @Test
    void whatIsNotInTheAccountCountsWholeAndWhatIsCountsItsGrowth() {
        observe(load(0.2, 0, NOW));
        ledger.book(booking(1, 300, 200));
        assertThat(ledger.booked(known)).as("waiting here").hasValue(2_500);
        ledger.sent(id(1), NOW.plusMillis(1));
        observe(load(0.2, 0, NOW.plusMillis(100)));
        assertThat(ledger.booked(known)).as("sent too lately to be in it").hasValue(2_500);
        assertThat(ledger.unseenPrompts(known).tokens()).isEqualTo(300);

        observe(load(0.23, 0, NOW.plusMillis(152)));
        assertThat(ledger.booked(known)).hasValue(2_500);
        assertThat(ledger.unseenPrompts(known).tokens()).isZero();

        assertThat(ledger.release(id(1))).isNotNull();
        assertThat(ledger.booked(known)).hasValue(2_300);
    }

    @Test
    void growthShrinksAtThePaceOfTheEngineAndNeverToNothingWhileItRuns() {
        ledger.book(booking(1, 300, 200));
        ledger.sent(id(1), NOW);
        pace.ended(50, Duration.ofSeconds(1));
        observe(load(0.05, 0, NOW.plusSeconds(3)));
        assertThat(ledger.booked(known)).hasValue(500 + 200 - 150);
        observe(load(0.05, 0, NOW.plusSeconds(60)));
        assertThat(ledger.booked(known)).hasValue(500 + 16);
    }

    @Test
    void promptsThatWaitAtTheEngineAreNotInItsUse() {
        ledger.book(booking(1, 300, 0));
        ledger.book(booking(2, 400, 0));
        ledger.sent(id(1), NOW);
        ledger.sent(id(2), NOW);
        observe(load(0.03, 1, NOW.plusSeconds(1)));
        assertThat(ledger.booked(known)).as("the newest waits").hasValue(300 + 400);
        observe(load(0.03, 5, NOW.plusSeconds(2)));
        assertThat(ledger.booked(known)).as("others wait too").hasValue(300 + 700);
    }

    @Test
    void anOlderAccountChangesNothing() {
        assertThat(observe(load(0.5, 0, NOW))).isTrue();
        assertThat(observe(load(0.1, 0, NOW.minusMillis(1)))).isFalse();

        assertThat(ledger.booked(known)).hasValue(5_000);
    }

    @Test
    void whatWasSentAfterTheGaugeLastMovedIsNotInItHoweverOftenItIsRead() {
        observe(load(0.2, 0, NOW));
        ledger.book(booking(1, 300, 200));
        ledger.sent(id(1), NOW.plusMillis(1));
        observe(load(0.2, 0, NOW.plusSeconds(1)));
        assertThat(ledger.booked(known)).hasValue(2_500);
        assertThat(ledger.unseenPrompts(known).tokens()).isEqualTo(300);
    }

    @Test
    void anAnswerThatWasSeenToBeginNoLongerCountsAsAPromptButStillAsANeed() {
        observe(load(0.2, 0, NOW));
        ledger.book(booking(1, 300, 200));
        ledger.begun(id(1));
        ledger.sent(id(1), NOW.plusMillis(1));
        assertThat(ledger.unseenPrompts(known).tokens()).as("not sent yet then").isEqualTo(300);
        ledger.begun(id(1));
        assertThat(ledger.unseenPrompts(known).areNone()).isTrue();
        assertThat(ledger.booked(known)).hasValue(2_500);
    }

    private boolean observe(EngineLoad load) {
        boolean news = signals.observe(load, load.takenAt(), ledger.oldestSent());
        known = signals.at(news ? load.takenAt() : NOW);
        return news;
    }

    private static Booking booking(int n, int prompt, int output) {
        return new Booking(id(n), Band.LOW, new Cost(prompt, output), NOW);
    }

    private static EngineLoad load(double use, int waiting, Instant at) {
        return new EngineLoad(1, waiting, OptionalDouble.of(use), OptionalLong.of(CAPACITY), 0, at);
    }

    private static RequestId id(int n) {
        return new RequestId("r" + n);
    }
}
