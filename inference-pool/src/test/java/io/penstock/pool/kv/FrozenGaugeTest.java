package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.EngineLoad;
import io.penstock.pool.kv.Gate.Signal;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Cost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrozenGaugeTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final int CAPACITY = 128_000;
    private static final Duration LOOK = Duration.ofMillis(50);

    private final EndpointGate gate = new EndpointGate(GatePolicy.DEFAULT);
    private final List<RequestId> parked = new ArrayList<>();
    private final List<RequestId> sent = new ArrayList<>();
    private int last;

    @Test
    void aGaugeThatStandsAtNothingPromisesNoMoreThanTheCeiling() {
        for (int look = 0; look < 1200; look++) {
            Instant now = at(look);
            gate.observe(account(0, 0, 0, now));
            gate.tick(now);
            take(new Cost(1000, 1000), now);
            assertThat(2000 * (sent.size() + parked.size()))
                    .as("promised after %s looks", look)
                    .isLessThanOrEqualTo((int) (0.75 * CAPACITY) + 2000);
        }
        assertThat(gate.gate(at(1200)).signal()).isEqualTo(Signal.FROZEN);
    }

    @Test
    void withAConstantAccountTheNeedsOfAllThatIsThereStayBelowTheCeiling() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 30; round++) {
            FrozenGaugeTest one = new FrozenGaugeTest();
            double use = random.nextDouble();
            int running = random.nextInt(20);
            int waiting = random.nextInt(6);
            Cost cost = new Cost(1 + random.nextInt(4000), random.nextInt(4000));
            for (int look = 0; look < 400; look++) {
                Instant now = at(look);
                one.gate.observe(account(use, running, waiting, now));
                one.gate.tick(now);
                if (!one.sent.isEmpty() && random.nextInt(4) == 0) {
                    one.gate.release(one.sent.remove(random.nextInt(one.sent.size())), cost.outputTokens(), now);
                }
                one.take(cost, now);
                assertThat(cost.kvTokens() * (one.sent.size() + one.parked.size()))
                        .as("seed %d round %d look %d", seed, round, look)
                        .isLessThanOrEqualTo((long) (0.75 * CAPACITY) + cost.kvTokens());
            }
        }
    }

    @Test
    void theGateIsKnownAgainOnceTheGaugeMoves() {
        gate.observe(account(0.1, 1, 0, NOW));
        send(new Cost(10, 10), NOW);
        gate.observe(account(0.1, 1, 0, NOW.plusMillis(1299)));
        assertThat(gate.gate(NOW.plusMillis(1299)).signal()).isEqualTo(Signal.KV);
        gate.observe(account(0.1, 1, 0, NOW.plusMillis(1300)));
        assertThat(gate.gate(NOW.plusMillis(1300)))
                .extracting(Gate::signal, Gate::sequences)
                .containsExactly(Signal.FROZEN, 4);
        assertThat(gate.knowledge(NOW.plusMillis(1300)).capacity())
                .as("its size does not change")
                .isNotNull();
        gate.observe(account(0.1, 2, 0, NOW.plusMillis(1350)));
        assertThat(gate.gate(NOW.plusMillis(1350)).signal()).isEqualTo(Signal.KV);
    }

    @Test
    void aFrozenAccountShowsNoOthers() {
        for (int look = 0; look < 40; look++) {
            if (look == 5) {
                send(new Cost(10, 10), at(look));
            }
            gate.observe(account(0.1, 5, 2, at(look)));
            assertThat(gate.others()).as("at look %s", look).isEqualTo(look < 5 ? 7 : look < 31 ? 6 : 0);
        }
    }

    @Test
    void anIdleEngineThatWeLeaveAloneIsNotFrozenNorOneThatWorksThroughOursBetweenAccounts() {
        for (int look = 0; look < 200; look++) {
            Instant now = at(look);
            gate.observe(account(0, 0, 0, now));
            assertThat(gate.gate(now).signal()).isEqualTo(Signal.KV);
            RequestId id = send(new Cost(10, 10), now.plusMillis(10));
            gate.release(id, 10, now.plusMillis(40));
        }
    }

    @Test
    void aFrozenGaugeWithNothingOfOursThereStillEarnsOneProbe() {
        for (int second = 0; second <= 11; second++) {
            gate.observe(account(1, 30, 6, NOW.plusSeconds(second)));
        }
        Instant later = NOW.plusSeconds(11);
        assertThat(gate.gate(later)).extracting(Gate::signal, Gate::sequences).containsExactly(Signal.PROBE, 1);
        gate.book(new RequestId("probe"), Band.LOW, new Cost(10, 10), later);
        assertThat(gate.clearance(new RequestId("probe"), later)).isEqualTo(Clearance.GO);
    }

    private void take(Cost cost, Instant now) {
        Gate open = gate.gate(now);
        long spare = open.spare().low();
        for (int i = 0; i < open.sequences() && spare >= cost.kvTokens(); i++) {
            RequestId id = new RequestId("r" + ++last);
            gate.book(id, Band.LOW, cost, now);
            parked.add(id);
            spare -= cost.kvTokens();
        }
        while (!parked.isEmpty() && gate.clearance(parked.getFirst(), now) == Clearance.GO) {
            gate.sent(parked.getFirst(), now);
            sent.add(parked.removeFirst());
        }
    }

    private RequestId send(Cost cost, Instant now) {
        RequestId id = new RequestId("r" + ++last);
        gate.book(id, Band.LOW, cost, now);
        gate.sent(id, now);
        return id;
    }

    private static Instant at(int look) {
        return NOW.plus(LOOK.multipliedBy(look));
    }

    private static EngineLoad account(double use, int running, int waiting, Instant at) {
        return new EngineLoad(running, waiting, OptionalDouble.of(use), OptionalLong.of(CAPACITY), 0, at);
    }
}
