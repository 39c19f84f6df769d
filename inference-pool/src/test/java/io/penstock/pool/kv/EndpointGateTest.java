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

class EndpointGateTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final int CAPACITY = 10_000;

    private final EndpointGate gate = new EndpointGate(GatePolicy.DEFAULT);

    @Test
    void anIdleEngineOffersEachBandItsCeiling() {
        gate.observe(load(0, 0, NOW));

        Gate open = gate.gate(NOW);
        assertThat(open.spare().high()).isEqualTo(10_000);
        assertThat(open.spare().normal()).isEqualTo(9_000);
        assertThat(open.spare().low()).isEqualTo(7_500);
        assertThat(open.signal()).isEqualTo(Signal.KV);
    }

    @Test
    void anUnknownOrStaleCacheAllowsAFewRequestsAndNeverStops() {
        assertThat(gate.gate(NOW)).extracting(Gate::signal, Gate::sequences).containsExactly(Signal.UNKNOWN, 16);
        gate.observe(load(0.9, 0, NOW));
        assertThat(gate.gate(NOW.plusMillis(2001)).signal()).isEqualTo(Signal.UNKNOWN);
        gate.observe(new EngineLoad(1, 0, OptionalDouble.empty(), OptionalLong.of(CAPACITY), 0, NOW.plusSeconds(3)));
        for (int i = 0; i < 16; i++) {
            assertThat(gate.gate(NOW.plusSeconds(3)).sequences()).isEqualTo(16 - i);
            send(i, Band.LOW, new Cost(1, 1), NOW.plusSeconds(3));
        }
        assertThat(gate.gate(NOW.plusSeconds(3)).isClosed()).isTrue();
    }

    @Test
    void aNewEngineBeginsWithFewRequestsThoughItsCacheHasRoomForAll() {
        gate.reopened(NOW);
        gate.observe(load(0, 0, NOW));
        assertThat(gate.gate(NOW).sequences()).isEqualTo(16);
        for (int i = 0; i < 16; i++) {
            send(i, Band.LOW, new Cost(1, 1), NOW);
        }
        gate.observe(load(0.01, 0, NOW.plusMillis(250)));
        assertThat(gate.gate(NOW.plusMillis(250)).sequences()).isEqualTo(32 - 16);
    }

    @Test
    void moreThanFiveWaitingCloseTheGateAndFiveDoNot() {
        gate.observe(load(0.1, 5, NOW));
        assertThat(gate.gate(NOW).isClosed()).isFalse();
        gate.observe(load(0.1, 6, NOW.plusMillis(1)));
        assertThat(gate.gate(NOW.plusMillis(1))).isEqualTo(Gate.closed(Signal.WAITING));
    }

    @Test
    void aGaugeThatStandsAtFullWithNothingInFlightEarnsOneProbe() {
        for (int second = 0; second <= 10; second++) {
            gate.observe(load(0.99, 0, NOW.plusSeconds(second)));
        }
        assertThat(gate.gate(NOW.plusSeconds(10)).spare().low()).isZero();
        Instant later = NOW.plusSeconds(10).plusMillis(1);
        assertThat(gate.gate(later)).extracting(Gate::signal, Gate::sequences).containsExactly(Signal.PROBE, 1);
        send(1, Band.LOW, new Cost(1, 1), later);
        assertThat(gate.gate(later).spare().low()).isZero();
    }

    @Test
    void whateverHappensNoBandIsNegativeOrAheadOfTheOneBeforeItAndReleasingGivesAllBack() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            EndpointGate subject = new EndpointGate(GatePolicy.DEFAULT);
            subject.observe(load(random.nextDouble(), 0, NOW));
            Gate before = subject.gate(NOW);
            List<RequestId> booked = new ArrayList<>();
            for (int i = 0; i < random.nextInt(300); i++) {
                Instant at = NOW.plusMillis(random.nextInt(20) - 10);
                subject.book(id(i), Band.LOW, new Cost(random.nextInt(500), random.nextInt(500)), at);
                if (random.nextBoolean()) {
                    subject.sent(id(i), at);
                }
                booked.add(id(i));
                Gate open = subject.gate(NOW);
                assertThat(open.spare().low())
                        .as("seed %d", seed)
                        .isNotNegative()
                        .isLessThanOrEqualTo(open.spare().normal());
                assertThat(open.spare().normal())
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(open.spare().high());
            }
            booked.forEach(id -> subject.release(id, 0, NOW));
            assertThat(subject.gate(NOW)).as("seed %d", seed).isEqualTo(before);
        }
    }

    @Test
    void aBookedTicketGoesWhileItsCeilingHoldsAndAloneItAlwaysDoes() {
        gate.observe(load(0.7, 0, NOW));
        gate.book(id(1), Band.LOW, new Cost(200, 200), NOW);
        assertThat(gate.clearance(id(1), NOW)).isEqualTo(Clearance.GO);
        gate.sent(id(1), NOW);
        gate.book(id(2), Band.LOW, new Cost(200, 200), NOW);
        assertThat(gate.clearance(id(2), NOW)).isEqualTo(Clearance.NO_ROOM);
        gate.book(id(3), Band.NORMAL, new Cost(20, 20), NOW);
        assertThat(gate.clearance(id(3), NOW)).isEqualTo(Clearance.GO);
    }

    @Test
    void promptsThatTheEngineHasNotShownYetHoldUpOthersButNotTheHighBand() {
        gate.observe(load(0, 0, NOW));
        send(1, Band.LOW, new Cost(2000, 0), NOW);
        gate.book(id(2), Band.LOW, new Cost(49, 0), NOW);
        gate.book(id(3), Band.HIGH, new Cost(49, 0), NOW);
        assertThat(gate.clearance(id(2), NOW)).isEqualTo(Clearance.PROMPTS_FIRST);
        assertThat(gate.clearance(id(3), NOW)).isEqualTo(Clearance.GO);

        Instant later = NOW.plusMillis(151);
        gate.observe(load(0.2, 0, later));
        assertThat(gate.clearance(id(2), later)).isEqualTo(Clearance.GO);
    }

    @Test
    void whileOthersUseTheEngineLowWorkIsLetInAtItsRateAndTheRestAsEver() {
        gate.observe(running(3, 0.1, NOW.minusMillis(50)));
        gate.observe(running(3, 0.1, NOW));
        assertThat(gate.others()).isEqualTo(3);
        send(1, Band.LOW, new Cost(500, 500), NOW);
        assertThat(gate.gate(NOW)).satisfies(open -> {
            assertThat(open.signal()).isEqualTo(Signal.CHAT);
            assertThat(open.spare().low()).isZero();
            assertThat(open.spare().normal()).isPositive();
        });
        gate.book(id(2), Band.LOW, new Cost(1, 1), NOW);
        assertThat(gate.clearance(id(2), NOW)).isEqualTo(Clearance.OTHERS_FIRST);
        gate.release(id(2), 0, NOW);

        Instant paid = NOW.plusMillis(700);
        gate.observe(running(4, 0.1, paid));
        assertThat(gate.gate(paid).spare().low()).as("one like the last").isBetween(900L, 1000L);
    }

    @Test
    void othersAreForgottenOnceNoneWasSeenForAWhile() {
        gate.observe(running(1, 0.1, NOW.minusMillis(50)));
        assertThat(gate.gate(NOW).signal()).as("one account proves nothing").isEqualTo(Signal.KV);
        gate.observe(running(1, 0.1, NOW));
        gate.observe(running(0, 0, NOW.plusMillis(1)));
        assertThat(gate.gate(NOW.plusMillis(1999)).signal()).isEqualTo(Signal.CHAT);
        gate.observe(running(0, 0, NOW.plusMillis(2000)));
        assertThat(gate.gate(NOW.plusMillis(2001)).signal()).isEqualTo(Signal.KV);
    }

    @Test
    void oursAreNotTakenForOthersNorIsOneThatHasJustEnded() {
        send(1, Band.LOW, new Cost(10, 10), NOW);
        send(2, Band.LOW, new Cost(10, 10), NOW);
        gate.observe(running(2, 0.1, NOW.plusMillis(200)));
        assertThat(gate.others()).isZero();
        gate.release(id(1), 10, NOW.plusMillis(210));
        gate.observe(running(2, 0.1, NOW.plusMillis(220)));
        assertThat(gate.others()).isZero();
        gate.observe(running(2, 0.1, NOW.plusMillis(500)));
        assertThat(gate.others()).isOne();
    }

    @Test
    void aPreemptionHalvesTheReactiveLimitOnceAFlight() {
        gate.observe(load(0, 0, NOW));
        int before = gate.reactiveLimit();
        send(1, Band.LOW, new Cost(10, 10), NOW);
        gate.observe(preempted(1, NOW.plusMillis(10)));
        assertThat(gate.reactiveLimit()).isEqualTo(before / 2);
        gate.observe(preempted(2, NOW.plusMillis(20)));
        assertThat(gate.reactiveLimit()).as("nothing was sent since").isEqualTo(before / 2);
    }

    @Test
    void ceilingsMustRise() {
        assertThatThrownBy(() -> new Ceilings(0.5, 0.9, 0.7)).hasMessageContaining("rise from low to high");
    }

    private void send(int n, Band band, Cost need, Instant at) {
        gate.book(id(n), band, need, at);
        gate.sent(id(n), at);
    }

    private static EngineLoad running(int running, double use, Instant at) {
        return new EngineLoad(running, 0, OptionalDouble.of(use), OptionalLong.of(CAPACITY), 0, at);
    }

    private static EngineLoad preempted(long times, Instant at) {
        return new EngineLoad(1, 0, OptionalDouble.of(0), OptionalLong.of(CAPACITY), times, at);
    }

    private static EngineLoad load(double use, int waiting, Instant at) {
        return new EngineLoad(0, waiting, OptionalDouble.of(use), OptionalLong.of(CAPACITY), 0, at);
    }

    private static RequestId id(int n) {
        return new RequestId("r" + n);
    }
}
