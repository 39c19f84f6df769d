package io.penstock.router.ledger;

import io.penstock.router.ledger.lane.Charge;
import io.penstock.router.ledger.lane.Lanes;
import io.penstock.router.ledger.lane.Weights;
import io.penstock.router.ledger.store.KeyedStore;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Tag;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything the ledger writes down, and the only place that writes it: rows, bodies, and the indexes
/// that follow from them (lanes, agenda, tickets), which can therefore not disagree.
final class Books {
    private final Rows rows;
    private final KeyedStore bodies;
    private final Agenda agenda;
    private final Deadlines deadlines;
    private final Backoffs backoffs;
    private final Orders orders;
    private final Lanes lanes;
    private final Charges charges = new Charges();
    private final Pullers pullers;
    private final Ended ended;
    private final Newcomers newcomers;

    /// Books kept in two stores: `records` for many small entries, `bodies` for few large ones.
    Books(KeyedStore records, KeyedStore bodies, Weights weights) {
        this.rows = new Rows(records);
        this.bodies = bodies;
        this.agenda = new Agenda(records);
        this.deadlines = new Deadlines(agenda);
        this.backoffs = new Backoffs(agenda);
        this.orders = new Orders(records, agenda);
        this.lanes = new Lanes(records, weights, orders);
        this.pullers = new Pullers(records);
        this.ended = new Ended(records, agenda);
        this.newcomers = new Newcomers(batch -> rows.hasAnyOf(batch) || ended.hasAnyOf(batch));
    }

    /// Rebuilds what is held in memory from what is few: orders, backoffs, backlogs, pullers and their tickets.
    /// To be called once before anything else.
    void recover() {
        rows.recover();
        orders.recover();
        backoffs.recover();
        lanes.recover();
        charges.recover();
        pullers.recover();
        ended.recover();
        newcomers.recover();
        deadlines.recover();
        for (PullerAccount puller : pullers.all()) {
            for (RequestId id : pullers.heldBy(puller.puller(), Integer.MAX_VALUE)) {
                Row row = row(id);
                if (row != null) {
                    Tag tag = row.request().tag();
                    charges.open(
                            id,
                            lanes.laneOf(row.request())
                                    .resume(
                                            tag.tenant(),
                                            tag.servedAs(),
                                            tag.cost().fairShare()));
                }
            }
        }
    }

    Agenda agenda() {
        return agenda;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    Backoffs backoffs() {
        return backoffs;
    }

    Orders orders() {
        return orders;
    }

    Lanes lanes() {
        return lanes;
    }

    Charges charges() {
        return charges;
    }

    Pullers pullers() {
        return pullers;
    }

    Ended ended() {
        return ended;
    }

    /// True if request `id` is unfinished here, or ended within memory. To be asked once for each admission, which
    /// is then written down.
    boolean knows(RequestId id) {
        return !newcomers.isFirst(id) && (rows.contains(id) || ended.contains(id));
    }

    @Nullable
    Row row(RequestId id) {
        return rows.get(id);
    }

    /// The inline body of `row`; empty if it lies elsewhere.
    byte[] body(Row row) {
        byte[] body = row.request().bodyRef() == null ? bodies.get(row.id().value()) : null;
        return body == null ? new byte[0] : body;
    }

    /// Up to `limit` unfinished lines of `batch`, from behind line `after` (null: from the first on).
    List<Row> rowsOf(BatchId batch, @Nullable RequestId after, int limit) {
        return rows.of(batch, after, limit);
    }

    void open(Row row, byte[] body) {
        if (body.length > 0) {
            bodies.put(row.id().value(), body);
        }
        deadlines.watch(row.request());
        rows.put(row);
        index(row);
    }

    void move(Row from, Row to) {
        unindex(from);
        rows.put(to);
        index(to);
    }

    /// Gives `row`, which is pending, to the worker it is `assigned` to; its tenant has been charged.
    void give(Row row, Row assigned, Charge charge) {
        move(row, assigned);
        charges.open(row.id(), charge);
    }

    /// Gives `row` another tag; its body and state stay. If it is out at a worker, its ticket and its charge stay as
    /// they were given: the tag counts when it comes back.
    Row retag(Row row, Tag tag) {
        Row next = row.tagged(tag);
        boolean out = row.assignment() != null;
        if (!out) {
            unindex(row);
        }
        deadlines.unwatch(row.request());
        deadlines.watch(next.request());
        rows.put(next);
        if (!out) {
            index(next);
        }
        return next;
    }

    void close(Row row, Instant forgetAt) {
        unindex(row);
        rows.delete(row.id());
        if (row.request().bodyRef() == null) {
            bodies.delete(row.id().value());
        }
        deadlines.unwatch(row.request());
        ended.add(row.id(), forgetAt);
    }

    /// Writes what is held back until the end of a step.
    void flush() {
        lanes.flush();
        pullers.flush();
    }

    private void index(Row row) {
        switch (row.state()) {
            case RowState.Pending() -> lanes.add(row.request(), row.entry());
            case RowState.Assigned(Assignment to) ->
                pullers.give(to, row.id(), row.request().tag().cost().kvTokens());
            case RowState.Waiting(Instant until, String why) -> backoffs.add(row.id(), until);
        }
    }

    private void unindex(Row row) {
        switch (row.state()) {
            case RowState.Pending() -> lanes.remove(row.request(), row.entry());
            case RowState.Assigned(Assignment to) -> {
                pullers.release(to);
                charges.giveBack(row.request());
            }
            case RowState.Waiting(Instant until, String why) -> backoffs.remove(row.id(), until);
        }
    }
}
