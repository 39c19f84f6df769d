package io.penstock.worker.pull;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.kv.Gate;
import io.penstock.pool.kv.Gate.Signal;
import io.penstock.topics.record.Pull.Spare;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PullPlannerTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private final PullPlanner planner = new PullPlanner();

    @Test
    void theFirstPullIsDueAndThenTheHeartbeat() {
        assertThat(planner.isDue(gate(1000, 8), NOW)).isTrue();
        planner.published(gate(1000, 8), NOW);
        assertThat(planner.isDue(gate(1000, 8), NOW.plusMillis(999))).isFalse();
        assertThat(planner.isDue(gate(1000, 8), NOW.plusMillis(1000))).isTrue();
    }

    @Test
    void whenTheClockIsSetBackThePullIsDueAndNotInTenMinutes() {
        planner.published(gate(1000, 8), NOW);
        Instant back = NOW.minusSeconds(600);
        assertThat(planner.isDue(gate(1000, 8), back)).isTrue();
        planner.published(gate(1000, 8), back);
        assertThat(planner.isDue(gate(1000, 8), back.plusMillis(999))).isFalse();
        assertThat(planner.isDue(gate(1000, 8), back.plusMillis(1000))).isTrue();
    }

    @Test
    void aMaterialChangeIsDueAtOnceButNotMoreThanTwentyTimesASecond() {
        planner.published(gate(1000, 8), NOW);
        assertThat(planner.isDue(gate(800, 8), NOW.plusMillis(49))).isFalse();
        assertThat(planner.isDue(gate(800, 8), NOW.plusMillis(50))).isTrue();
        assertThat(planner.isDue(gate(950, 8), NOW.plusMillis(50))).isFalse();
        assertThat(planner.isDue(gate(1000, 6), NOW.plusMillis(50))).isTrue();
    }

    @Test
    void openingAndClosingAreAlwaysMaterial() {
        planner.published(Gate.closed(Signal.KV), NOW);
        assertThat(planner.isDue(gate(1, 1), NOW.plusMillis(50))).isTrue();
        planner.published(gate(1, 1), NOW);
        assertThat(planner.isDue(Gate.closed(Signal.KV), NOW.plusMillis(50))).isTrue();
    }

    @Test
    void aRepeatedTicketIsNotRunAgain() {
        TicketBook tickets = new TicketBook();
        assertThat(tickets.accept(1)).isTrue();
        assertThat(tickets.accept(2)).isTrue();
        assertThat(tickets.accept(2)).isFalse();
        assertThat(tickets.accept(1)).isFalse();
        assertThat(tickets.asOf()).isEqualTo(2);
    }

    private static Gate gate(long low, int sequences) {
        return new Gate(new Spare(low * 4, low * 2, low), sequences, Signal.KV);
    }
}
