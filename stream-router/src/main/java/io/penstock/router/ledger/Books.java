package io.penstock.router.ledger;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything the ledger writes down, and the only place that writes it: rows, bodies, and the indexes
/// that follow from them (lane, agenda, tickets), which can therefore not disagree.
final class Books {
    private final Table<Row> rows;
    private final Table<String> tombstones;
    private final KeyedStore bodies;
    private final Agenda agenda;
    private final Lanes lanes;
    private final Pullers pullers;
    private final Cancellations cancellations;

    /// Books kept in two stores: `records` for many small entries, `bodies` for few large ones.
    Books(KeyedStore records, KeyedStore bodies) {
        this.rows = new Table<>(records, "row", Row.class);
        this.tombstones = new Table<>(records, "ended", String.class);
        this.bodies = bodies;
        this.agenda = new Agenda(records);
        this.lanes = new Lanes(records);
        this.pullers = new Pullers(records);
        this.cancellations = new Cancellations(records, agenda);
    }

    /// Rebuilds what is held in memory; to be called once before anything else.
    void recover() {
        lanes.recover();
        pullers.recover();
        cancellations.recover();
    }

    Agenda agenda() {
        return agenda;
    }

    Lanes lanes() {
        return lanes;
    }

    Pullers pullers() {
        return pullers;
    }

    Cancellations cancellations() {
        return cancellations;
    }

    /// True if request `id` is unfinished here, or ended within memory.
    boolean knows(RequestId id) {
        return rows.contains(id.value()) || tombstones.contains(id.value());
    }

    @Nullable
    Row row(RequestId id) {
        return rows.get(id.value());
    }

    byte[] body(RequestId id) {
        byte[] body = bodies.get(id.value());
        return body == null ? new byte[0] : body;
    }

    /// Up to `limit` unfinished lines of `batch`.
    List<Row> rowsOf(BatchId batch, int limit) {
        return rows.values(batch + ":", batch + ":" + Table.END, limit);
    }

    void open(Row row, byte[] body) {
        if (body.length > 0) {
            bodies.put(row.id().value(), body);
        }
        agenda.add(
                Agenda.Kind.DEADLINE, row.request().tag().deadline(), row.id().value());
        rows.put(row.id().value(), row);
        index(row);
    }

    void move(Row from, Row to) {
        unindex(from);
        rows.put(to.id().value(), to);
        index(to);
    }

    void close(Row row, Instant forgetAt) {
        unindex(row);
        rows.delete(row.id().value());
        bodies.delete(row.id().value());
        agenda.remove(
                Agenda.Kind.DEADLINE, row.request().tag().deadline(), row.id().value());
        remember(row.id(), forgetAt);
    }

    /// Leaves a tombstone: `id` has ended, and is known until `forgetAt`.
    void remember(RequestId id, Instant forgetAt) {
        tombstones.mark(id.value());
        agenda.add(Agenda.Kind.TOMBSTONE, forgetAt, id.value());
    }

    void forget(RequestId id) {
        tombstones.delete(id.value());
    }

    private void index(Row row) {
        switch (row.state()) {
            case RowState.Pending() -> lanes.of(row).add(LaneEntry.of(row));
            case RowState.Assigned(Assignment to) ->
                pullers.give(to, row.id(), row.request().tag().cost().kvTokens());
            case RowState.Waiting(Instant until) ->
                agenda.add(Agenda.Kind.BACKOFF, until, row.id().value());
        }
    }

    private void unindex(Row row) {
        switch (row.state()) {
            case RowState.Pending() -> lanes.of(row).remove(LaneEntry.of(row));
            case RowState.Assigned(Assignment to) -> pullers.release(to);
            case RowState.Waiting(Instant until) ->
                agenda.remove(Agenda.Kind.BACKOFF, until, row.id().value());
        }
    }
}
