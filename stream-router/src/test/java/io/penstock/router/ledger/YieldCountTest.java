package io.penstock.router.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.catalogue.Json;
import io.penstock.topics.id.Band;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How often a request was taken back to make room for others: counted by the ledger, told with each ticket, so that
/// workers can leave alone who has given way often.
class YieldCountTest {
    private static final Puller W1 = LedgerBench.puller("w1", "1");

    private final LedgerBench bench = new LedgerBench();
    private long serial = 1;

    @Test
    void onlyAYieldCounts() {
        bench.submit("a", 1);
        Work.Ticket ticket = next(W1);
        assertThat(ticket.yields()).isZero();
        ticket = back(ticket, new Verdict.Returned("503", 0));
        ticket = back(ticket, new Verdict.Returned("drained", 0));
        assertThat(ticket.epoch()).isEqualTo(3);
        assertThat(ticket.yields()).as("sent back twice, never for others").isZero();
        ticket = back(ticket, new Verdict.Returned("gave way to chat", 0, true));
        ticket = back(ticket, new Verdict.Returned("gave way to chat", 0, true));
        assertThat(ticket.yields()).isEqualTo(2);
        assertThat(ticket.epoch()).isEqualTo(5);
    }

    @Test
    void theCountOutlivesWorkersAndTheLedgersTask() {
        bench.submit("a", 1);
        Work.Ticket ticket = back(next(W1), new Verdict.Returned("gave way to chat", 0, true));
        bench.restart();
        Work.Ticket again = next(LedgerBench.puller("w1", "2"));
        assertThat(again.epoch()).as("the worker was lost").isEqualTo(ticket.epoch() + 1);
        assertThat(again.yields()).as("a loss is no yield").isOne();
    }

    @Test
    void aYieldOfAPastAssignmentDoesNotCount() {
        bench.submit("a", 1);
        Work.Ticket lost = next(W1);
        Work.Ticket ticket = next(LedgerBench.puller("w1", "2"));
        bench.report(lost, new Verdict.Returned("gave way to chat", 0, true), LedgerBench.pull(W1, ++serial, 1, 0, 0));
        Work.Ticket again = next(LedgerBench.puller("w1", "3"));
        assertThat(again.epoch()).isEqualTo(ticket.epoch() + 1);
        assertThat(again.yields()).isZero();
    }

    @Test
    void aRowOfAnOlderVersionHasNeverYielded() {
        Row row = Row.admitted(bench.request("a", Band.LOW, 1), 7);
        String stored = new String(Json.MAPPER.writeValueAsBytes(row), StandardCharsets.UTF_8);
        assertThat(stored).as("an older version's rows look the same").doesNotContain("yields");
        assertThat(Json.MAPPER.readValue(stored, Row.class)).isEqualTo(row);
        Row yielded = row.yielded().yielded();
        assertThat(Json.MAPPER.readValue(Json.MAPPER.writeValueAsBytes(yielded), Row.class))
                .isEqualTo(yielded);
    }

    private Work.Ticket back(Work.Ticket ticket, Verdict verdict) {
        bench.report(ticket, verdict, LedgerBench.pull(W1, ++serial, ticket.number(), 0, 0));
        return next(W1);
    }

    private Work.Ticket next(Puller puller) {
        List<Work.Ticket> tickets = LedgerBench.tickets(bench.pull(LedgerBench.pull(puller, ++serial, serial, 100, 1)));
        assertThat(LedgerBench.ids(tickets)).containsExactly("a");
        return tickets.getFirst();
    }
}
