package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.EngineLoad;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Cost;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a pull offers is what tickets are cleared by.
class ClearanceTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final int CAPACITY = 100_000;

    private final EndpointGate gate = new EndpointGate(GatePolicy.DEFAULT);

    /// A ticket of 1,000 tokens; in the last column nothing of ours is there.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # band | use  | waiting | others | one of ours there | alone
        HIGH   | 0.5  | 0       | false  | GO                | GO
        LOW    | 0.5  | 0       | false  | GO                | GO
        LOW    | 0.9  | 0       | false  | NO_ROOM           | GO
        NORMAL | 0.95 | 0       | false  | NO_ROOM           | GO
        HIGH   | 0.78 | 0       | false  | GO                | GO
        HIGH   | 0.95 | 0       | false  | NO_ROOM           | GO
        LOW    | 0.9  | 1       | false  | NO_ROOM           | NO_ROOM
        LOW    | 0.5  | 5       | false  | GO                | GO
        HIGH   | 0.5  | 6       | false  | ENGINE_QUEUE      | ENGINE_QUEUE
        NORMAL | 0.5  | 6       | false  | ENGINE_QUEUE      | ENGINE_QUEUE
        LOW    | 0.5  | 6       | false  | ENGINE_QUEUE      | ENGINE_QUEUE
        LOW    | 0.3  | 0       | true   | OTHERS_FIRST      | GO
        LOW    | 0.9  | 0       | true   | NO_ROOM           | NO_ROOM
        NORMAL | 0.97 | 0       | true   | NO_ROOM           | NO_ROOM
        NORMAL | 0.3  | 0       | true   | GO                | GO
        HIGH   | 0.3  | 0       | true   | GO                | GO
        HIGH   | 0.3  | 6       | true   | ENGINE_QUEUE      | ENGINE_QUEUE
        LOW    | 0.3  | 6       | true   | ENGINE_QUEUE      | ENGINE_QUEUE
        """)
    void bandByWaitingByOthers(
            Band band, double use, int waiting, boolean others, Clearance oneThere, Clearance alone) {
        assertThat(clearance(new EndpointGate(GatePolicy.DEFAULT), band, use, waiting, others, 1))
                .isEqualTo(oneThere);
        assertThat(clearance(new EndpointGate(GatePolicy.DEFAULT), band, use, waiting, others, 0))
                .isEqualTo(alone);
    }

    private static Clearance clearance(
            EndpointGate gate, Band band, double use, int waiting, boolean others, int ours) {
        Instant sentAt = NOW.minusMillis(300);
        int strangers = others ? 10 : 0;
        gate.observe(account(strangers, others ? waiting : 0, use, sentAt.minusMillis(100)));
        gate.observe(account(strangers, others ? waiting : 0, use, sentAt.minusMillis(50)));
        if (ours > 0) {
            gate.book(id(1), Band.LOW, new Cost(500, 500), sentAt);
            gate.sent(id(1), sentAt);
        }
        gate.observe(account(strangers + ours, waiting, use + 0.001, NOW));
        gate.book(id(2), band, new Cost(500, 500), NOW);
        return gate.clearance(id(2), NOW);
    }

    @Test
    void aFullEngineThatOthersUseGetsOneOfOursOnceNoneWasThereForAsLongAsEarnsAProbe() {
        gate.observe(account(10, 0, 0.9, NOW.minusMillis(25)));
        for (int i = 0; i <= 400; i++) {
            Instant now = NOW.plusMillis(25L * i);
            gate.observe(account(10, 0, 0.9 + 0.0001 * i, now));
            gate.book(id(i), Band.LOW, new Cost(500, 500), now);
            assertThat(gate.clearance(id(i), now)).as("after %s ms", 25 * i).isEqualTo(Clearance.NO_ROOM);
            gate.release(id(i), 0, now);
        }
        Instant later = NOW.plusMillis(10_001);
        gate.book(id(1000), Band.LOW, new Cost(500, 500), later);
        assertThat(gate.clearance(id(1000), later)).isEqualTo(Clearance.GO);
    }

    @Test
    void withoutAnyAccountSixteenAreOfferedAndCleared() {
        sixteenAreOfferedAndCleared(NOW);
    }

    @Test
    void withAStaleAccountSixteenAreOfferedAndCleared() {
        gate.observe(account(3, 0, 0.99, NOW));
        sixteenAreOfferedAndCleared(NOW.plusSeconds(5));
    }

    @Test
    void anEngineThatDoesNotTellItsCacheIsClosedByWhatWaitsThere() {
        gate.observe(new EngineLoad(
                OptionalInt.of(8),
                OptionalInt.of(100),
                OptionalInt.of(100),
                OptionalDouble.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                NOW));
        assertThat(gate.gate(NOW)).isEqualTo(Gate.closed(Gate.Signal.WAITING));
        gate.book(id(1), Band.LOW, new Cost(1, 1), NOW);
        assertThat(gate.clearance(id(1), NOW)).isEqualTo(Clearance.ENGINE_QUEUE);
    }

    @Test
    void ofACacheWhoseUseIsUnknownOurOwnTakeNoMoreThanItHolds() {
        gate.observe(new EngineLoad(1, 0, OptionalDouble.empty(), OptionalLong.of(CAPACITY), 0, NOW));
        assertThat(gate.gate(NOW).spare().low()).isEqualTo(75_000);
        gate.book(id(1), Band.LOW, new Cost(30_000, 30_000), NOW);
        assertThat(gate.gate(NOW).spare().low()).isEqualTo(15_000);
    }

    @Test
    void whatIsOfferedIsClearedInWhateverStateTheEngineIs() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            EndpointGate subject = new EndpointGate(GatePolicy.DEFAULT);
            Instant now = NOW;
            for (int i = random.nextInt(4); i > 0; i--) {
                subject.observe(random(random, now));
                now = now.plusMillis(random.nextInt(1500));
                subject.tick(now);
            }
            for (int i = random.nextInt(20); i > 0; i--) {
                subject.book(id(-i), Band.LOW, new Cost(random.nextInt(900), random.nextInt(900)), now);
                subject.sent(id(-i), now);
            }
            now = now.plusMillis(random.nextInt(3000));
            for (Band band : Band.values()) {
                offeredIsCleared(subject, band, random, now, "seed " + seed + " round " + round);
            }
        }
    }

    /// Others, or prompts that are under way, may hold a ticket up, never turn it away.
    private static void offeredIsCleared(EndpointGate subject, Band band, Random random, Instant now, String as) {
        Gate open = subject.gate(now);
        long spare = open.spare().of(band);
        boolean showsPrompts = subject.knowledge(now).running() != null
                || subject.knowledge(now).kvUse() != null;
        for (int i = 0; i < open.sequences(); i++) {
            Cost cost = new Cost(random.nextInt(2000), random.nextInt(2000));
            RequestId id = new RequestId(band + "-" + i);
            if (cost.kvTokens() > spare) {
                return;
            }
            spare -= cost.kvTokens();
            subject.book(id, band, cost, now);
            Clearance clearance = subject.clearance(id, now);
            assertThat(clearance)
                    .as(as)
                    .isIn(
                            showsPrompts
                                    ? new Object[] {Clearance.GO, Clearance.PROMPTS_FIRST, Clearance.OTHERS_FIRST}
                                    : new Object[] {Clearance.GO, Clearance.PROMPTS_FIRST});
            if (clearance == Clearance.GO) {
                subject.sent(id, now);
            }
        }
    }

    private static EngineLoad random(Random random, Instant at) {
        return new EngineLoad(
                random.nextInt(5) == 0 ? OptionalInt.empty() : OptionalInt.of(random.nextInt(30)),
                OptionalInt.empty(),
                random.nextInt(3) == 0 ? OptionalInt.of(random.nextInt(8)) : OptionalInt.empty(),
                random.nextInt(3) == 0 ? OptionalDouble.empty() : OptionalDouble.of(random.nextDouble()),
                random.nextInt(4) == 0 ? OptionalLong.empty() : OptionalLong.of(CAPACITY),
                OptionalLong.empty(),
                at);
    }

    @ParameterizedTest
    @ValueSource(longs = {600, 10})
    void whenTheClockIsSetBackAFullEngineIsNotTakenForAnEmptyOne(long secondsBack) {
        gate.observe(account(0, 0, 0, NOW));
        assertThat(gate.gate(NOW).spare().low()).isEqualTo(75_000);
        Instant back = NOW.minusSeconds(secondsBack);
        gate.observe(account(0, 0, 0.99, back));
        assertThat(gate.gate(back).spare().low()).isZero();
        assertThat(gate.gate(back).signal()).isEqualTo(Gate.Signal.KV);
        assertThat(gate.gate(back.plusMillis(2001)).signal()).isEqualTo(Gate.Signal.UNKNOWN);
        gate.observe(account(0, 0, 0.5, back.plusMillis(2100)));
        assertThat(gate.gate(back.plusMillis(2100)).spare().low()).isEqualTo(25_000);
    }

    /// Four at a time, each a quarter of a second after the one before.
    private void sixteenAreOfferedAndCleared(Instant from) {
        Instant now = from;
        for (int i = 0; i < 16; i++) {
            assertThat(gate.gate(now).sequences()).isEqualTo(Math.min(4, 16 - i));
            gate.book(id(i), Band.LOW, new Cost(512, 512), now);
            assertThat(gate.clearance(id(i), now)).as("ticket %s", i).isEqualTo(Clearance.GO);
            gate.sent(id(i), now);
            now = now.plusMillis(250);
        }
        assertThat(gate.gate(now).isClosed()).isTrue();
    }

    private static EngineLoad account(int running, int waiting, double use, Instant at) {
        return new EngineLoad(running, waiting, OptionalDouble.of(use), OptionalLong.of(CAPACITY), 0, at);
    }

    private static RequestId id(int n) {
        return new RequestId("r" + n);
    }
}
