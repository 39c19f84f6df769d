package io.penstock.router.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Commands on requests that are out at workers or back off: what is out goes on as it was given out, and comes
/// back by what was commanded.
class MovedWorkTest {
    private static final Puller W1 = LedgerBench.puller("w1", "1");
    private static final Puller W2 = LedgerBench.puller("w2", "1");
    private static final String LINE = LedgerBench.BATCH + ":";
    private static final List<String> IDS = List.of("single", LINE + 1);
    private static final Control.Target BATCH = new Control.OneBatch(LedgerBench.BATCH);
    private static final Control.Action TO_HIGH = new Control.Prioritise(new ObjectiveName("urgent"), Band.HIGH);

    private LedgerBench bench = new LedgerBench();
    private long serial = 1;

    @Test
    void whatIsReturnedAfterItWasMovedWaitsInItsNewBand() {
        for (String id : IDS) {
            comesBackHigh(id, ticket -> bench.report(ticket, new Verdict.Returned("503", 0), closed(ticket.number())));
        }
    }

    @Test
    void whatBacksOffWhileItIsMovedWaitsInItsNewBandAfterwards() {
        for (String id : IDS) {
            Work.Ticket ticket = given(id);
            bench.report(ticket, new Verdict.Returned("503", 5000), closed(ticket.number()));
            bench.command(target(id), TO_HIGH);
            bench.pass(Duration.ofSeconds(8));
            isNextAsHigh(id);
        }
    }

    @Test
    void whatIsLostAfterItWasMovedWaitsInItsNewBand() {
        for (String id : IDS) {
            comesBackHigh(id, _ -> bench.pull(LedgerBench.pull(LedgerBench.puller("w1", "2"), 1, 0, 0, 0)));
        }
    }

    @Test
    void aMoveSurvivesARestart() {
        for (String id : IDS) {
            Work.Ticket ticket = given(id);
            bench.command(target(id), TO_HIGH);
            bench.restart();
            bench.report(ticket, new Verdict.Returned("503", 0), closed(ticket.number()));
            isNextAsHigh(id);
        }
    }

    @Test
    void whatRunsWhenItIsMovedIsCountedWhereItWasGivenOut() {
        Work.Ticket ticket = given(LINE + 1);
        bench.command(BATCH, TO_HIGH);
        assertThat(running(Band.LOW)).isOne();
        assertThat(running(Band.HIGH)).isZero();
        bench.report(ticket, new Verdict.Returned("503", 0), closed(ticket.number()));
        assertThat(running(Band.LOW)).isZero();
        isNextAsHigh(LINE + 1);
        assertThat(running(Band.HIGH)).isOne();
    }

    @Test
    void aCommandOnARunningRequestTakesNoMoreRoomAtItsWorker() {
        for (Control.Action action :
                List.of(TO_HIGH, new Control.Extend(LedgerBench.START.plus(LedgerBench.WINDOW.multipliedBy(2))))) {
            LedgerBench world = new LedgerBench();
            world.pull(LedgerBench.pull(W1, 1, 0, 100, 10));
            world.submit("a", 40);
            world.command(target("a"), action);
            assertThat(LedgerBench.tickets(world.submit("b", 60)))
                    .as("40 of 100 are taken after %s", action)
                    .hasSize(1);
            world.check(action.toString());
        }
    }

    @Test
    void anExtensionOfARunningRequestHoldsWhenItComesBack() {
        Work.Ticket ticket = given("single");
        bench.command(target("single"), new Control.Extend(LedgerBench.START.plus(LedgerBench.WINDOW.multipliedBy(2))));
        bench.jump(LedgerBench.WINDOW.plusMinutes(1));
        assertThat(LedgerBench.results(bench.pass(Duration.ofSeconds(1)))).isEmpty();
        bench.report(ticket, new Verdict.Returned("503", 0), closed(ticket.number()));
        assertThat(LedgerBench.ids(LedgerBench.tickets(bench.pull(LedgerBench.pull(W2, 1, 0, 100, 10)))))
                .containsExactly("single");
    }

    private void comesBackHigh(String id, Consumer<Work.Ticket> comingBack) {
        Work.Ticket ticket = given(id);
        assertThat(ticket.request().tag().band()).isEqualTo(Band.LOW);
        bench.command(target(id), TO_HIGH);
        comingBack.accept(ticket);
        isNextAsHigh(id);
    }

    /// In a world of its own.
    private Work.Ticket given(String id) {
        bench = new LedgerBench();
        bench.submit(bench.request(id, Band.LOW, 1));
        List<Work.Ticket> tickets = LedgerBench.tickets(bench.pull(LedgerBench.pull(W1, ++serial, 0, 100, 1)));
        assertThat(LedgerBench.ids(tickets)).containsExactly(id);
        return tickets.getFirst();
    }

    /// It goes before what is normal, and as high.
    private void isNextAsHigh(String id) {
        String other = "normal-" + serial;
        bench.submit(bench.request(other, Band.NORMAL, 1));
        List<Work.Ticket> tickets =
                new ArrayList<>(LedgerBench.tickets(bench.pull(LedgerBench.pull(W2, ++serial, serial * 10, 100, 2))));
        assertThat(LedgerBench.ids(tickets)).containsExactly(id, other);
        assertThat(tickets.getFirst().request().tag().band()).isEqualTo(Band.HIGH);
        bench.check("after " + id);
    }

    private Pull closed(long asOf) {
        return LedgerBench.pull(W1, ++serial, asOf, 0, 0);
    }

    private int running(Band band) {
        return bench.books().lanes().of(LedgerBench.POOL).of(band).meter().running();
    }

    private static Control.Target target(String id) {
        return id.startsWith(LINE) ? BATCH : new Control.OneRequest(new RequestId(id));
    }
}
