package io.penstock.router.ledger;

import io.penstock.topics.id.Band;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Tag;
import io.penstock.topics.record.Work;
import java.time.Instant;

/// Brings pending requests and pulls with room together, in the step in which either arrives.
final class Dispatcher {
    /// Tickets issued in one step; a puller with more room gets the rest with its next pull, within a
    /// second.
    private static final int TICKETS_MAX = 1024;

    private final Books books;
    private final LaneScheduler scheduler;
    private final Lifecycle lifecycle;
    private final LedgerMetrics metrics;
    private final Outbox outbox;

    Dispatcher(Books books, LaneScheduler scheduler, Lifecycle lifecycle, LedgerMetrics metrics, Outbox outbox) {
        this.books = books;
        this.scheduler = scheduler;
        this.lifecycle = lifecycle;
        this.metrics = metrics;
        this.outbox = outbox;
    }

    /// A pull has come: gives the puller what it has room for.
    void fill(Puller puller, Instant now) {
        for (int issued = 0; issued < TICKETS_MAX; issued++) {
            PullerAccount state = books.pullers().get(puller);
            LaneEntry next = state == null ? null : scheduler.next(books.lanes(), state);
            if (state == null || next == null) {
                return;
            }
            assign(next, state, now);
        }
    }

    /// A request has become pending: if a puller has room for it, fills the emptiest such one. A
    /// request at the end of a long lane is left to the pulls: nothing near the lane's head fits, or it
    /// would have gone.
    void place(Row row, Instant now) {
        Tag tag = row.request().tag();
        if (row.epoch() == 0 && books.lanes().of(row).depth() > FirstCome.LOOK_AHEAD) {
            return;
        }
        PullerAccount emptiest = null;
        for (PullerAccount puller : books.pullers().of(tag.pool())) {
            if (puller.serves(tag.servedAs())
                    && puller.fits(tag.band(), tag.cost().kvTokens())
                    && (emptiest == null || puller.room(tag.band()) > emptiest.room(tag.band()))) {
                emptiest = puller;
            }
        }
        if (emptiest != null) {
            fill(emptiest.puller(), now);
        }
    }

    private void assign(LaneEntry entry, PullerAccount puller, Instant now) {
        Row row = books.row(entry.id());
        Puller to = puller.puller();
        long ticket = puller.lastTicket() + 1;
        if (row == null
                || !(lifecycle.decide(row, new Trigger.Assign(to, ticket), now) instanceof Step.Moved(Row assigned))) {
            throw new IllegalStateException("request " + entry.id() + " is in a lane but not pending");
        }
        Band band = row.request().tag().band();
        metrics.count(LedgerCount.ASSIGNMENTS, 1);
        if (assigned.epoch() > 1) {
            metrics.count(LedgerCount.REASSIGNMENTS, 1);
        }
        if (entry.need() > puller.room(band)) {
            metrics.count(LedgerCount.OVERSIZED_ASSIGNMENTS, 1);
        }
        books.move(row, assigned);
        Work.Ticket order = new Work.Ticket(to, ticket, assigned.epoch(), assigned.request());
        outbox.add(new Emit.WorkOrder(puller.pull().workPartition(), new Envelope<>(order, books.body(row.id()))));
    }
}
