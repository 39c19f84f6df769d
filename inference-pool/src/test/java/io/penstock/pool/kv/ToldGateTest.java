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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a gate does when it is told of interactive calls that no account shows yet.
class ToldGateTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final int RATE = (int) LowPace.DEFAULT.tokensPerSecond();

    private final EndpointGate gate = new EndpointGate(GatePolicy.DEFAULT);
    private int last;

    @BeforeEach
    void oneOfOursIsThere() {
        account(NOW.minusMillis(100));
        send(Band.LOW, NOW.minusMillis(50));
        account(NOW);
    }

    @Test
    void lowWorkMakesWayForTheFirstCallBeforeAnyAccountShowsIt() {
        assertThat(clearance(Band.LOW, NOW)).isEqualTo(Clearance.GO);

        gate.told("api", 1, 1, NOW);

        assertThat(gate.others()).isEqualTo(1);
        assertThat(clearance(Band.LOW, NOW)).isEqualTo(Clearance.OTHERS_FIRST);
        assertThat(clearance(Band.NORMAL, NOW)).isEqualTo(Clearance.GO);
        assertThat(clearance(Band.HIGH, NOW)).isEqualTo(Clearance.GO);
    }

    @Test
    void whatIsDueGoesWhenNoCallAwaitsItsFirstWord() {
        gate.told("api", 1, 1, NOW);
        Instant due = NOW.plusMillis(100);
        account(due);
        assertThat(clearance(Band.LOW, due)).isEqualTo(Clearance.OTHERS_FIRST);

        gate.told("api", 1, 0, due);

        assertThat(clearance(Band.LOW, due)).isEqualTo(Clearance.GO);
    }

    @Test
    void whatIsDueForASecondGoesWhoeverAwaits() {
        for (int ms = 0; ms <= 1000; ms += 100) {
            Instant now = NOW.plusMillis(ms);
            gate.told("api", 40, 5, now);
            account(now);
            assertThat(clearance(Band.LOW, now))
                    .as("after %s ms", ms)
                    .isEqualTo(ms < 1000 ? Clearance.OTHERS_FIRST : Clearance.GO);
        }
    }

    @Test
    void noMoreThanTheTrickleGoesHoweverQuietItIs() {
        int seconds = 60;
        int sent = 0;
        for (int ms = 0; ms < seconds * 1000; ms += 50) {
            Instant now = NOW.plusMillis(ms);
            gate.told("api", 10, 0, now);
            account(now);
            if (clearance(Band.LOW, now) == Clearance.GO) {
                gate.release(send(Band.LOW, now), 0, now);
                sent++;
            }
        }

        assertThat(sent * need().kvTokens()).isBetween(RATE * (seconds - 3L), RATE * (seconds + 1L));
    }

    @Test
    void oneWhoFallsSilentIsForgotten() {
        gate.told("api", 7, 7, NOW);
        Instant later = NOW.plusMillis(2001);
        account(later);

        assertThat(gate.others()).isZero();
        assertThat(clearance(Band.LOW, later.plus(ChatLimits.DEFAULT.linger()))).isEqualTo(Clearance.GO);
    }

    private void account(Instant at) {
        gate.observe(new EngineLoad(
                OptionalInt.of(1),
                OptionalInt.of(0),
                OptionalInt.of(0),
                OptionalDouble.of(0.01 + 0.0001 * (at.toEpochMilli() % 1000)),
                OptionalLong.of(100_000),
                OptionalLong.of(0),
                at));
    }

    private RequestId send(Band band, Instant at) {
        RequestId id = id(++last);
        gate.book(id, band, need(), at);
        gate.sent(id, at);
        return id;
    }

    private Clearance clearance(Band band, Instant at) {
        RequestId id = id(++last);
        gate.book(id, band, need(), at);
        Clearance clearance = gate.clearance(id, at);
        gate.release(id, 0, at);
        return clearance;
    }

    private static Cost need() {
        return new Cost(100, 20);
    }

    private static RequestId id(int number) {
        return new RequestId("req_" + number);
    }
}
