package io.penstock.router.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A pull is absolute: lost, repeated and reordered ones are superseded and never miscounted.
class PullArithmeticTest {
    private static final Puller W = LedgerBench.puller("w", "1");
    private static final List<Band> BANDS = List.of(Band.values());

    private final LedgerBench bench = new LedgerBench();

    @Test
    void whatWasGivenSinceThePullIsSubtractedFromItsSpare() {
        bench.pull(LedgerBench.pull(W, 1, 0, 100, 10));
        assertThat(LedgerBench.tickets(bench.submit("a", 60))).hasSize(1);
        assertThat(LedgerBench.tickets(bench.submit("b", 60))).isEmpty();
        assertThat(LedgerBench.tickets(bench.submit("c", 40))).hasSize(1);
    }

    @Test
    void aRepeatedPullGivesNothingTwice() {
        Pull pull = LedgerBench.pull(W, 1, 0, 100, 10);
        bench.pull(pull);
        bench.submit("a", 60);
        bench.submit("b", 60);
        assertThat(bench.pull(pull)).isEmpty();
    }

    @Test
    void aPullThatKnowsOfATicketGivesItsRoomAnew() {
        bench.pull(LedgerBench.pull(W, 1, 0, 100, 10));
        bench.submit("a", 60);
        bench.submit("b", 60);
        assertThat(LedgerBench.ids(LedgerBench.tickets(bench.pull(LedgerBench.pull(W, 2, 1, 60, 9)))))
                .containsExactly("b");
    }

    @Test
    void anOlderPullSaysNothing() {
        bench.pull(LedgerBench.pull(W, 5, 0, 0, 10));
        bench.submit("a", 60);
        assertThat(bench.pull(LedgerBench.pull(W, 4, 0, 1000, 10))).isEmpty();
        assertThat(bench.metrics.of(LedgerCount.STALE_PULLS)).isEqualTo(1);
    }

    @Test
    void sequencesAreCountedLikeTokens() {
        bench.pull(LedgerBench.pull(W, 1, 0, 1000, 2));
        assertThat(LedgerBench.tickets(bench.submit("a", 1))).hasSize(1);
        assertThat(LedgerBench.tickets(bench.submit("b", 1))).hasSize(1);
        assertThat(LedgerBench.tickets(bench.submit("c", 1))).isEmpty();
    }

    @Test
    void aRequestLargerThanAllSpareGoesToAnIdlePullerOnly() {
        bench.pull(LedgerBench.pull(W, 1, 0, 100, 10));
        List<Work.Ticket> small = LedgerBench.tickets(bench.submit("small", 10));
        assertThat(LedgerBench.tickets(bench.submit("huge", 5000))).isEmpty();
        List<Emit> then = bench.report(small.getFirst(), LedgerBench.answered(), LedgerBench.pull(W, 2, 1, 100, 10));
        assertThat(LedgerBench.ids(LedgerBench.tickets(then))).containsExactly("huge");
        assertThat(LedgerBench.tickets(bench.submit("more", 1)))
                .as("the huge one has taken everything")
                .isEmpty();
    }

    @Test
    void aClosedGateTakesNotEvenWithTheOversizedRule() {
        bench.pull(LedgerBench.pull(W, 1, 0, 0, 10));
        assertThat(LedgerBench.tickets(bench.submit("huge", 5000))).isEmpty();
    }

    @Test
    void drainingPullersAndPullersOfOtherModelsGetNothing() {
        bench.pull(new Pull(
                W, LedgerBench.POOL, 0, 1, 0, new Pull.Spare(99, 99, 99), 9, Set.of(LedgerBench.MODEL), true, null));
        bench.pull(new Pull(
                LedgerBench.puller("x", "1"),
                LedgerBench.POOL,
                0,
                1,
                0,
                new Pull.Spare(99, 99, 99),
                9,
                Set.of(new ModelName("other")),
                false,
                null));
        assertThat(LedgerBench.tickets(bench.submit("a", 1))).isEmpty();
    }

    @Test
    void ticketNumbersRunOnOverARestart() {
        bench.pull(LedgerBench.pull(W, 1, 0, 100, 10));
        bench.submit("a", 60);
        bench.restart();
        assertThat(LedgerBench.tickets(bench.submit("b", 60)))
                .as("a is still subtracted")
                .isEmpty();
        assertThat(LedgerBench.tickets(bench.submit("c", 40)).getFirst().number())
                .isEqualTo(2);
    }

    @Test
    void noTicketIsEverIssuedBeyondTheLastStatement() {
        for (long seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            LedgerBench world = new LedgerBench();
            Audit audit = new Audit("seed " + seed);
            for (int i = 0; i < 300; i++) {
                audit.step(world, random, i);
            }
        }
    }

    /// Reckons a puller's room independently: pulls in the order of their serials, tickets as they
    /// come.
    private static final class Audit {
        private final String name;
        private final List<Pull> sent = new ArrayList<>();
        private final TreeMap<Long, Work.Ticket> given = new TreeMap<>();
        private final List<Work.Ticket> running = new ArrayList<>();
        private @Nullable Pull last;

        Audit(String name) {
            this.name = name;
        }

        void step(LedgerBench world, SplittableRandom random, int i) {
            switch (random.nextInt(5)) {
                case 0, 1 ->
                    given(world.submit(world.request("r" + i, BANDS.get(random.nextInt(3)), 1 + random.nextInt(120))));
                case 2 -> {
                    Pull pull = next(random);
                    // One in four is lost on the way.
                    if (random.nextInt(4) != 0) {
                        hear(pull);
                        given(world.pull(pull));
                    }
                }
                case 3 -> {
                    if (!sent.isEmpty()) {
                        Pull again = sent.get(random.nextInt(sent.size()));
                        hear(again);
                        given(world.pull(again));
                    }
                }
                default -> {
                    if (!running.isEmpty()) {
                        Work.Ticket ended = running.remove(random.nextInt(running.size()));
                        Pull pull = next(random);
                        hear(pull);
                        given(world.report(ended, LedgerBench.answered(), pull));
                    }
                }
            }
        }

        private Pull next(SplittableRandom random) {
            long seen = given.isEmpty() ? 0 : random.nextLong(given.lastKey() + 1);
            long asOf = last == null ? 0 : Math.max(last.asOfTicket(), seen);
            Pull pull = new Pull(
                    W,
                    LedgerBench.POOL,
                    0,
                    sent.size(),
                    asOf,
                    new Pull.Spare(random.nextInt(200), random.nextInt(200), random.nextInt(200)),
                    random.nextInt(8),
                    Set.of(LedgerBench.MODEL),
                    false,
                    null);
            sent.add(pull);
            return pull;
        }

        private void hear(Pull pull) {
            if (last == null || pull.serial() >= last.serial()) {
                last = pull;
            }
        }

        private void given(List<Emit> emits) {
            for (Work.Ticket ticket : LedgerBench.tickets(emits)) {
                Pull pull = Objects.requireNonNull(last);
                boolean idle = running.isEmpty()
                        && given.tailMap(pull.asOfTicket(), false).isEmpty();
                given.put(ticket.number(), ticket);
                running.add(ticket);
                var unseen = given.tailMap(pull.asOfTicket(), false).values();
                long need = unseen.stream()
                        .mapToLong(t -> t.request().tag().cost().kvTokens())
                        .sum();
                long spare = pull.spare().of(ticket.request().tag().band());
                assertThat(unseen.size()).as(name).isLessThanOrEqualTo(pull.sequences());
                assertThat(need <= spare || (idle && spare > 0))
                        .as("%s: %s of %s", name, need, spare)
                        .isTrue();
            }
        }
    }
}
