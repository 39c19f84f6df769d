package io.penstock.router.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What backs off near its deadline.
class DeadlineTest {
    private static final Puller W1 = LedgerBench.puller("w1", "1");
    private static final String LINE = LedgerBench.BATCH + ":";
    private static final String OTHER = "batch_" + "f".repeat(32) + ":";

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

    /// With an entry for the whole batch for each of them, 400 times 400 lines would be looked at, ten in a tick.
    @Test
    void aBatchWhoseLinesHaveManyDeadlinesDelaysTheExpiryOfNoOther() {
        LedgerBench ledger = new LedgerBench(LedgerBench.policy(5, 10));
        for (int line = 1; line <= 400; line++) {
            ledger.submit(until(ledger, LINE + line, Duration.ofMillis(60_000 + line)));
        }
        ledger.submit(until(ledger, OTHER + 1, Duration.ofSeconds(61)));
        Set<RequestId> expired = new HashSet<>();
        ledger.jump(Duration.ofSeconds(60));
        int ticks = 0;
        for (; ticks < 100 && !expired.contains(new RequestId(OTHER + 1)); ticks++) {
            LedgerBench.results(ledger.pass(Duration.ofMillis(250))).forEach(result -> expired.add(result.id()));
        }
        assertThat(expired).contains(new RequestId(OTHER + 1));
        for (; ticks < 200; ticks++) {
            LedgerBench.results(ledger.pass(Duration.ofMillis(250))).forEach(result -> expired.add(result.id()));
        }
        assertThat(expired).hasSize(401);
    }

    /// The large one alone takes 40 ticks.
    @Test
    void aLargeBatchDelaysTheExpiryOfNoOther() {
        LedgerBench ledger = new LedgerBench(LedgerBench.policy(5, 10));
        for (int line = 1; line <= 400; line++) {
            ledger.submit(until(ledger, LINE + line, Duration.ofSeconds(60)));
        }
        ledger.submit(until(ledger, OTHER + 1, Duration.ofSeconds(61)));
        ledger.jump(Duration.ofSeconds(61));
        Set<RequestId> expired = new HashSet<>();
        for (int tick = 0; tick < 3; tick++) {
            LedgerBench.results(ledger.pass(Duration.ofMillis(250))).forEach(result -> expired.add(result.id()));
        }
        assertThat(expired).contains(new RequestId(OTHER + 1)).hasSizeLessThan(40);
        for (int tick = 0; tick < 50; tick++) {
            LedgerBench.results(ledger.pass(Duration.ofMillis(250))).forEach(result -> expired.add(result.id()));
        }
        assertThat(expired).hasSize(401);
    }

    @Test
    void linesWithDeadlinesOfTheirOwnWaitForAsLongAsTheirBatchsWindowIsExtended() {
        for (int line = 1; line <= 20; line++) {
            bench.submit(until(bench, LINE + line, Duration.ofMinutes(line)));
        }
        bench.command(
                new Control.OneBatch(LedgerBench.BATCH),
                new Control.Extend(bench.now().plus(Duration.ofMinutes(40))));
        List<Emit> early = new ArrayList<>();
        for (int minute = 1; minute < 40; minute++) {
            early.addAll(bench.pass(Duration.ofMinutes(1)));
        }
        assertThat(LedgerBench.results(early)).isEmpty();
        assertThat(LedgerBench.results(bench.pass(Duration.ofMinutes(2)))).hasSize(20);
    }

    private static Request until(LedgerBench ledger, String id, Duration window) {
        Request request = ledger.request(id, Band.NORMAL, 1);
        return LedgerBench.of(
                request, LedgerBench.POOL, TenantId.DEFAULT, ledger.now().plus(window));
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
