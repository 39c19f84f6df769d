package io.penstock.router.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// An engine that fails fast has room all the time; it must not eat what others would run.
class FailingEngineTest {
    private static final Puller BAD = LedgerBench.puller("bad", "1");
    private static final Puller GOOD = LedgerBench.puller("good", "1");
    private static final int ROOM = 10;

    private final LedgerBench bench = new LedgerBench();
    private final List<Emit> emitted = new ArrayList<>();
    private long serial;
    private long badSeen;
    private long goodSeen;

    @Test
    void anEngineThatFailsAtOnceExhaustsNothingWhileAnotherServesTheModel() {
        pull(BAD);
        pull(GOOD);
        for (int i = 0; i < 200; i++) {
            take(bench.submit(LedgerBench.beginning(bench.request("r" + i, Band.NORMAL, 1), 7)));
        }
        Deque<Work.Ticket> running = new ArrayDeque<>();
        int next = 0;
        for (int tick = 0; tick < 1000 && !bench.isEmpty(); tick++) {
            // Ten a second leave the good engine; the other one has refused everything it got by then.
            for (; next < emitted.size(); next++) {
                if (emitted.get(next) instanceof Emit.WorkOrder order
                        && order.work().meta() instanceof Work.Ticket ticket) {
                    if (ticket.puller().equals(BAD)) {
                        badSeen = Math.max(badSeen, ticket.number());
                        report(ticket, new Verdict.Broken("500"), BAD);
                    } else {
                        running.add(ticket);
                    }
                }
            }
            for (int i = 0; tick % 4 == 0 && i < ROOM && !running.isEmpty(); i++) {
                Work.Ticket done = running.remove();
                goodSeen = Math.max(goodSeen, done.number());
                report(done, LedgerBench.answered(), GOOD);
            }
            take(bench.pass(Duration.ofMillis(250)));
        }
        assertThat(LedgerBench.results(emitted))
                .hasSize(200)
                .extracting(Emit.ResultLine::end)
                .containsOnly(End.COMPLETED);
        assertThat(bench.metrics.of(LedgerCount.EXHAUSTED)).isZero();
    }

    @Test
    void aRequestGoesBackToTheOnlyEngineThereIs() {
        Work.Ticket failed = failedAtBad("a");
        assertThat(tickets(bench.pass(Duration.ofSeconds(2))))
                .singleElement()
                .extracting(Work.Ticket::puller)
                .isEqualTo(failed.puller());
    }

    @Test
    void aRequestKeepsAwayFromWhereItFailedAndSaysSo() {
        pull(GOOD, 0);
        failedAtBad("a");
        assertThat(tickets(bench.pass(Duration.ofSeconds(2)))).isEmpty();
        assertThat(bench.explain(new Control.OneRequest(new RequestId("a")))
                        .getFirst()
                        .sentence())
                .contains("kept from http://bad, where it failed");
        assertThat(tickets(pull(GOOD))).extracting(Work.Ticket::puller).containsExactly(GOOD);
    }

    @Test
    void othersPassARequestThatKeepsAwayWithoutEndOrOffence() {
        pull(GOOD, 0);
        failedAtBad("a");
        bench.pass(Duration.ofSeconds(2));
        for (int i = 0; i < 100; i++) {
            bench.submit("b" + i, 1);
            badSeen++;
            assertThat(tickets(pull(BAD))).as("request %s", i).hasSizeLessThanOrEqualTo(1);
        }
        assertThat(bench.records.count("lane "))
                .as("all but the one that keeps away")
                .isEqualTo(1);
    }

    @Test
    void manyThatKeepAwayDoNotHideWhatMayGo() {
        pull(GOOD, 0);
        bench.pull(LedgerBench.pull(BAD, ++serial, 0, 100, 40));
        for (int i = 0; i < 40; i++) {
            Work.Ticket ticket = tickets(bench.submit("failed-" + i, 1)).getFirst();
            badSeen = ticket.number();
            bench.report(ticket, new Verdict.Broken("reset"), LedgerBench.pull(BAD, ++serial, badSeen, 0, 0));
            bench.pull(LedgerBench.pull(BAD, ++serial, badSeen, 100, 40));
        }
        bench.pass(Duration.ofSeconds(2));
        for (int i = 0; i < 5; i++) {
            bench.submit("fresh-" + i, 1);
        }
        assertThat(LedgerBench.ids(tickets(pull(BAD))))
                .containsExactly("fresh-0", "fresh-1", "fresh-2", "fresh-3", "fresh-4");
    }

    @Test
    void itKeepsAwayNoLongerThanAvoidSays() {
        pull(GOOD, 0);
        failedAtBad("a");
        for (long second = 1; second < LedgerPolicy.DEFAULT.avoid().toSeconds(); second++) {
            bench.pass(Duration.ofSeconds(1));
            pull(GOOD, 0);
            assertThat(tickets(pull(BAD))).as("after %s s", second).isEmpty();
        }
        bench.pass(Duration.ofSeconds(1));
        pull(GOOD, 0);
        assertThat(tickets(pull(BAD))).hasSize(1);
    }

    @Test
    void anEngineThatIsGoneOrStoppingIsNoOtherOne() {
        pull(GOOD, 0);
        failedAtBad("a");
        bench.pass(Duration.ofSeconds(2));
        assertThat(tickets(pull(BAD))).isEmpty();
        bench.pull(new Pull(
                GOOD,
                LedgerBench.POOL,
                3,
                ++serial,
                0,
                new Pull.Spare(100, 100, 100),
                10,
                Set.of(LedgerBench.MODEL),
                true,
                null));
        assertThat(tickets(pull(BAD))).hasSize(1);
    }

    @Test
    void whatItAvoidsSurvivesARestart() {
        pull(GOOD, 0);
        failedAtBad("a");
        bench.restart();
        bench.pass(Duration.ofSeconds(2));
        bench.restart();
        assertThat(tickets(pull(BAD))).isEmpty();
        assertThat(tickets(pull(GOOD))).hasSize(1);
    }

    @Test
    void anEngineWhoseWorkerDiesAgainAndAgainExhaustsNothing() {
        pull(GOOD, 0);
        bench.submit("a", 1);
        int lives = 0;
        for (; lives < 10; lives++) {
            Puller life = LedgerBench.puller("bad", "life-" + lives);
            List<Emit> emits = bench.pull(LedgerBench.pull(life, 1, 0, 100, ROOM));
            assertThat(LedgerBench.results(emits)).isEmpty();
        }
        assertThat(tickets(pull(GOOD))).as("after %s lives", lives).hasSize(1);
        assertThat(bench.metrics.of(LedgerCount.ASSIGNMENTS)).isEqualTo(3);
    }

    /// `id` has failed at the bad engine, which has room for more.
    private Work.Ticket failedAtBad(String id) {
        pull(BAD);
        Work.Ticket ticket = tickets(bench.submit(id, 1)).getFirst();
        assertThat(ticket.puller()).isEqualTo(BAD);
        badSeen = ticket.number();
        report(ticket, new Verdict.Broken("500"), BAD);
        return ticket;
    }

    private void report(Work.Ticket ticket, Verdict verdict, Puller by) {
        take(bench.report(ticket, verdict, next(by, ROOM)));
    }

    private List<Emit> pull(Puller by) {
        return pull(by, ROOM);
    }

    private List<Emit> pull(Puller by, int sequences) {
        List<Emit> emits = bench.pull(next(by, sequences));
        take(emits);
        return emits;
    }

    private Pull next(Puller by, int sequences) {
        return LedgerBench.pull(by, ++serial, by.equals(BAD) ? badSeen : goodSeen, 100, sequences);
    }

    private void take(List<Emit> emits) {
        emitted.addAll(emits);
    }

    private static List<Work.Ticket> tickets(List<Emit> emits) {
        return LedgerBench.tickets(emits);
    }
}
