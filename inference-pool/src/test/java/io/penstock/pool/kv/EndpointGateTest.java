package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.pool.EngineLoad;
import io.penstock.pool.kv.Gate.Signal;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Cost;
import io.penstock.topics.record.Pull.Spare;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
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
        assertThat(open.spare().high()).isEqualTo(8_000);
        assertThat(open.spare().normal()).isEqualTo(7_800);
        assertThat(open.spare().low()).isEqualTo(7_500);
        assertThat(open.signal()).isEqualTo(Signal.KV);
    }

    @Test
    void anUnknownOrStaleCacheAllowsAFewRequestsAndNeverStops() {
        assertThat(gate.gate(NOW)).extracting(Gate::signal, Gate::sequences).containsExactly(Signal.UNKNOWN, 4);
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
    void whereNoAccountShowsPromptsTheNextOneGoesAQuarterOfASecondLaterAndHighWorkAtOnce() {
        send(0, Band.LOW, new Cost(1, 1), NOW);
        send(1, Band.LOW, new Cost(1, 1), NOW.plusMillis(1));
        gate.book(id(2), Band.NORMAL, new Cost(1, 1), NOW);
        gate.book(id(3), Band.HIGH, new Cost(1, 1), NOW);

        assertThat(gate.clearance(id(2), NOW.plusMillis(250))).isEqualTo(Clearance.PROMPTS_FIRST);
        assertThat(gate.clearance(id(3), NOW.plusMillis(250))).isEqualTo(Clearance.GO);
        assertThat(gate.clearance(id(2), NOW.plusMillis(251))).isEqualTo(Clearance.GO);
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
        gate.tick(NOW.plusMillis(250));
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
        gate.book(id(2), Band.LOW, new Cost(100, 100), NOW);
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

        long dueMs = (long) (1000 * 1000 / LowPace.DEFAULT.tokensPerSecond());
        for (long ms = 500; ms < dueMs; ms += 500) {
            Instant before = NOW.plusMillis(ms);
            gate.observe(running(4, 0.1 + ms * 1e-6, before));
            assertThat(gate.gate(before).spare().low()).as("after %s ms", ms).isZero();
        }
        Instant paid = NOW.plusMillis(dueMs + 50);
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
    void anAccountThatIsToldTwiceIsOne() {
        EngineLoad account = running(1, 0.1, NOW);
        gate.observe(account);
        gate.observe(account);
        assertThat(gate.gate(NOW).signal()).isEqualTo(Signal.KV);
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
    void withoutMetricsTheReactiveLimitComesBackWithCleanAnswers() {
        Instant now = NOW;
        for (int i = 0; i < 8; i++) {
            now = now.plusMillis(50);
            send(i, Band.LOW, new Cost(10, 10), now);
            gate.refused(id(i), now);
            gate.release(id(i), 0, now);
        }
        assertThat(gate.reactiveLimit()).isOne();
        for (int i = 0; i < 3000; i++) {
            now = now.plusMillis(50);
            if (gate.gate(now).sequences() > 0) {
                send(i, Band.LOW, new Cost(10, 10), now);
            }
            gate.tick(now);
            if (i % 4 == 3) {
                for (int j = 0; j <= i; j++) {
                    gate.release(id(j), 10, now);
                }
            }
        }
        assertThat(gate.reactiveLimit()).isGreaterThanOrEqualTo(8);
        assertThat(gate.gate(now).sequences()).isPositive();
    }

    @Test
    void aPreemptionCounterThatIsAbsentOnceSaysNothing() {
        gate.observe(preempted(5, NOW));
        int before = gate.reactiveLimit();
        send(1, Band.LOW, new Cost(10, 10), NOW);
        gate.observe(new EngineLoad(
                OptionalInt.of(1),
                OptionalInt.of(0),
                OptionalInt.of(0),
                OptionalDouble.of(0.1),
                OptionalLong.of(CAPACITY),
                OptionalLong.empty(),
                NOW.plusMillis(50)));
        gate.observe(preempted(5, NOW.plusMillis(100)));
        assertThat(gate.reactiveLimit()).isEqualTo(before);
        gate.observe(preempted(0, NOW.plusMillis(150)));
        assertThat(gate.reactiveLimit()).as("the engine began anew").isEqualTo(before);
        gate.observe(preempted(1, NOW.plusMillis(200)));
        assertThat(gate.reactiveLimit()).isEqualTo(before / 2);
    }

    @Test
    void whatWasSentBeforeAPreemptionIsNotPunishedAgainWhileItRunsForOneFlight() {
        gate.observe(preempted(0, NOW));
        for (int i = 0; i < 20; i++) {
            send(i, Band.LOW, new Cost(10, 10), NOW);
        }
        for (int times = 1; times < 60; times++) {
            Instant now = NOW.plusMillis(50L * times);
            gate.observe(preempted(times, now));
            send(100 + times, Band.LOW, new Cost(10, 10), now);
            assertThat(gate.reactiveLimit()).as("after %s preemptions", times).isEqualTo(8);
        }
        for (int i = 0; i < 20; i++) {
            gate.release(id(i), 10, NOW.plusSeconds(3));
        }
        gate.observe(preempted(60, NOW.plusMillis(3050)));
        assertThat(gate.reactiveLimit()).as("a new flight").isEqualTo(4);
    }

    @Test
    void aKvMetricThatIsAbsentInEveryTenthAccountDoesNotBeginAnew() {
        for (int i = 0; i < 400; i++) {
            Instant now = NOW.plusMillis(50L * i);
            gate.observe(new EngineLoad(
                    i,
                    0,
                    i % 10 == 9 ? OptionalDouble.empty() : OptionalDouble.of(0.1),
                    OptionalLong.of(CAPACITY * 100L),
                    0,
                    now));
            gate.tick(now);
            assertThat(gate.gate(now).signal()).isNotEqualTo(Signal.UNKNOWN);
            if (gate.gate(now).sequences() > 0) {
                send(i, Band.HIGH, new Cost(1, 1), now);
            }
        }
        assertThat(gate.reactiveLimit()).isGreaterThan(64);
    }

    /// Each change alone, from the same history.
    @Test
    void moreUseMoreSentOrALowerCeilingNeverGivesMoreHeadroom() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            double use = random.nextDouble();
            double more = Math.min(1, use + random.nextDouble() / 4);
            double lower = 0.5 + random.nextDouble() / 2;
            long history = random.nextLong();
            Spare plain = headroom(Ceilings.DEFAULT, use, 0, history);
            as(seed, round, headroom(Ceilings.DEFAULT, more, 0, history), plain);
            as(seed, round, headroom(Ceilings.DEFAULT, use, 1 + random.nextInt(9), history), plain);
            Ceilings plainly = Ceilings.DEFAULT;
            Ceilings lowered = new Ceilings(lower * plainly.high(), lower * plainly.normal(), lower * plainly.low());
            as(seed, round, headroom(lowered, use, 0, history), plain);
        }
    }

    private static void as(long seed, int round, Spare less, Spare plain) {
        for (Band band : Band.values()) {
            assertThat(less.of(band))
                    .as("seed %d round %d %s", seed, round, band)
                    .isNotNegative()
                    .isLessThanOrEqualTo(plain.of(band));
        }
    }

    private static Spare headroom(Ceilings ceilings, double use, int moreSent, long history) {
        EndpointGate subject = new EndpointGate(
                new GatePolicy(ceilings, GateLimits.DEFAULT, ChatLimits.DEFAULT, ReactiveLimit.Bounds.DEFAULT));
        Random random = new Random(history);
        Instant now = NOW;
        subject.observe(load(use, 0, now));
        for (int i = 0; i < random.nextInt(5); i++) {
            now = now.plusMillis(random.nextInt(400));
            subject.book(id(i), Band.LOW, new Cost(random.nextInt(500), random.nextInt(500)), now);
            subject.sent(id(i), now);
            subject.observe(load(use + 1e-9 * i, random.nextInt(4), now));
        }
        for (int i = 0; i < moreSent; i++) {
            subject.book(id(100 + i), Band.LOW, new Cost(300, 300), now);
        }
        return subject.gate(now).spare();
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
