package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.pool.EngineLoad;
import io.penstock.pool.kv.Gate.Signal;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Cost;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KvLedgerTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final int CAPACITY = 10_000;

    private final KvLedger ledger = new KvLedger(Ceilings.DEFAULT, GateLimits.DEFAULT);

    @Test
    void anIdleEngineOffersEachBandItsCeiling() {
        ledger.observe(load(0, 0, NOW));

        Gate gate = ledger.gate(NOW);
        assertThat(gate.spare().high()).isEqualTo(10_000);
        assertThat(gate.spare().normal()).isEqualTo(9_000);
        assertThat(gate.spare().low()).isEqualTo(7_500);
        assertThat(gate.signal()).isEqualTo(Signal.KV);
    }

    @Test
    void whatTheEngineHasNotSeenCountsWholeAndWhatItHasSeenCountsItsGrowth() {
        ledger.observe(load(0.2, 0, NOW));
        ledger.book(id(1), new Cost(300, 200), NOW.plusMillis(1));
        assertThat(ledger.bookedTokens()).hasValue(2_500);

        ledger.observe(load(0.23, 0, NOW.plusMillis(50)));
        assertThat(ledger.bookedTokens()).hasValue(2_500);

        ledger.release(id(1));
        assertThat(ledger.bookedTokens()).hasValue(2_300);
    }

    @Test
    void anOlderAccountChangesNothing() {
        ledger.observe(load(0.5, 0, NOW));
        ledger.observe(load(0.1, 0, NOW.minusMillis(1)));

        assertThat(ledger.bookedTokens()).hasValue(5_000);
    }

    @Test
    void anUnknownOrStaleCacheAllowsAFewRequestsAndNeverStops() {
        assertThat(ledger.gate(NOW)).extracting(Gate::signal, Gate::sequences).containsExactly(Signal.UNKNOWN, 16);
        ledger.observe(load(0.9, 0, NOW));
        assertThat(ledger.gate(NOW.plusMillis(2001)).signal()).isEqualTo(Signal.UNKNOWN);
        ledger.observe(new EngineLoad(1, 0, OptionalDouble.empty(), OptionalLong.of(CAPACITY), 0, NOW.plusSeconds(3)));
        for (int i = 0; i < 16; i++) {
            assertThat(ledger.gate(NOW.plusSeconds(3)).sequences()).isEqualTo(16 - i);
            ledger.book(id(i), new Cost(1, 1), NOW.plusSeconds(3));
        }
        assertThat(ledger.gate(NOW.plusSeconds(3)).isClosed()).isTrue();
    }

    @Test
    void moreThanFiveWaitingCloseTheGateAndFiveDoNot() {
        ledger.observe(load(0.1, 5, NOW));
        assertThat(ledger.gate(NOW).isClosed()).isFalse();
        ledger.observe(load(0.1, 6, NOW.plusMillis(1)));
        assertThat(ledger.gate(NOW.plusMillis(1))).isEqualTo(Gate.closed(Signal.WAITING));
    }

    @Test
    void aGaugeThatStandsAtFullWithNothingInFlightEarnsOneProbe() {
        for (int second = 0; second <= 10; second++) {
            ledger.observe(load(0.99, 0, NOW.plusSeconds(second)));
        }
        assertThat(ledger.gate(NOW.plusSeconds(10)).spare().low()).isZero();
        Instant later = NOW.plusSeconds(10).plusMillis(1);
        assertThat(ledger.gate(later)).extracting(Gate::signal, Gate::sequences).containsExactly(Signal.PROBE, 1);
        ledger.book(id(1), new Cost(1, 1), later);
        assertThat(ledger.gate(later).spare().low()).isZero();
    }

    @Test
    void whateverHappensNoBandIsNegativeOrAheadOfTheOneBeforeItAndReleasingGivesAllBack() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            KvLedger subject = new KvLedger(Ceilings.DEFAULT, GateLimits.DEFAULT);
            double use = random.nextDouble();
            subject.observe(load(use, 0, NOW));
            Gate before = subject.gate(NOW);
            List<RequestId> booked = new ArrayList<>();
            for (int i = 0; i < random.nextInt(300); i++) {
                subject.book(
                        id(i),
                        new Cost(random.nextInt(500), random.nextInt(500)),
                        NOW.plusMillis(random.nextInt(20) - 10));
                booked.add(id(i));
                Gate gate = subject.gate(NOW);
                assertThat(gate.spare().low())
                        .as("seed %d", seed)
                        .isNotNegative()
                        .isLessThanOrEqualTo(gate.spare().normal());
                assertThat(gate.spare().normal())
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(gate.spare().high());
            }
            booked.forEach(subject::release);
            assertThat(subject.gate(NOW)).as("seed %d", seed).isEqualTo(before);
        }
    }

    @Test
    void aTicketHoldsWhileTheCeilingDoes() {
        ledger.observe(load(0.7, 0, NOW));
        ledger.book(id(1), new Cost(200, 200), NOW);
        assertThat(ledger.holds(Band.LOW)).as("alone, it always holds").isTrue();
        ledger.book(id(2), new Cost(200, 200), NOW);
        assertThat(ledger.holds(Band.LOW)).isFalse();
        assertThat(ledger.holds(Band.NORMAL)).isTrue();
    }

    @Test
    void ceilingsMustRise() {
        assertThatThrownBy(() -> new Ceilings(0.5, 0.9, 0.7)).hasMessageContaining("rise from low to high");
    }

    private static EngineLoad load(double use, int waiting, Instant at) {
        return new EngineLoad(1, waiting, OptionalDouble.of(use), OptionalLong.of(CAPACITY), 0, at);
    }

    private static RequestId id(int n) {
        return new RequestId("r" + n);
    }
}
