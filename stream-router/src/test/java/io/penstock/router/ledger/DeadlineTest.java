package io.penstock.router.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.record.Control;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What backs off near its deadline.
class DeadlineTest {
    private static final Puller W1 = LedgerBench.puller("w1", "1");
    private static final String LINE = LedgerBench.BATCH + ":";

    private final LedgerBench bench = new LedgerBench();

    @Test
    void aWaitThatWouldOutlastTheDeadlineLeavesALastChance() {
        Work.Ticket ticket = assigned("a");
        bench.jump(LedgerBench.WINDOW.minusSeconds(10));
        bench.report(ticket, new Verdict.Returned("503", 60_000), pull(W1, 2, 1));
        List<Emit> emits = bench.pass(Duration.ofSeconds(9));
        assertThat(LedgerBench.tickets(emits)).hasSize(1);
        assertThat(LedgerBench.results(emits)).isEmpty();
    }

    @Test
    void aWaitGoesByTheWindowAsItWasExtended() {
        bench.pull(pull(W1, 1, 0));
        Work.Ticket ticket = LedgerBench.tickets(bench.submit(LINE + 1, 1)).getFirst();
        bench.command(
                new Control.OneBatch(LedgerBench.BATCH),
                new Control.Extend(bench.now().plus(LedgerBench.WINDOW.multipliedBy(2))));
        bench.jump(LedgerBench.WINDOW.minusSeconds(10));
        bench.report(ticket, new Verdict.Returned("503", 60_000), pull(W1, 2, 1));
        List<Emit> emits = new ArrayList<>();
        int waited = 0;
        for (; waited < 100 && emits.isEmpty(); waited++) {
            emits.addAll(bench.pass(Duration.ofSeconds(1)));
            emits.addAll(bench.pull(pull(W1, 3 + waited, 1)));
        }
        assertThat(LedgerBench.tickets(emits)).hasSize(1);
        assertThat(waited).as("seconds: the engine's wish").isBetween(60, 91);
    }

    @Test
    void aWorkerWhoseClockIsAheadDoesNotBounceATicketInALoop() {
        Work.Ticket ticket = assigned("a");
        bench.jump(LedgerBench.WINDOW.minusSeconds(2));
        int bounced = 0;
        long seen = ticket.number();
        List<Work.Ticket> out = List.of(ticket);
        List<Emit> emits = new ArrayList<>();
        while (bounced < 1000 && LedgerBench.results(emits).isEmpty()) {
            List<Emit> next = new ArrayList<>();
            for (Work.Ticket each : out) {
                seen = each.number();
                next.addAll(bench.report(
                        each, new Verdict.Returned("its deadline has passed", 1000), pull(W1, 2 + bounced++, seen)));
            }
            next.addAll(bench.pass(Duration.ofMillis(250)));
            out = LedgerBench.tickets(next);
            emits.addAll(next);
        }
        assertThat(LedgerBench.results(emits)).extracting(Emit.ResultLine::end).containsExactly(End.EXPIRED);
        assertThat(bounced).isLessThan(10);
    }

    private Work.Ticket assigned(String id) {
        bench.pull(pull(W1, 1, 0));
        return LedgerBench.tickets(bench.submit(id, 1)).getFirst();
    }

    private static Pull pull(Puller puller, long serial, long asOf) {
        return LedgerBench.pull(puller, serial, asOf, 100, 10);
    }
}
