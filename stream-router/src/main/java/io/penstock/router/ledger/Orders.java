package io.penstock.router.ledger;

import io.penstock.router.ledger.lane.Lanes;
import io.penstock.router.ledger.store.KeyedStore;
import io.penstock.router.ledger.store.Table;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The orders in force, so that lines admitted late obey them too. Every task keeps those of every
/// batch, as it cannot know whose lines will come; all are in memory, about 200 bytes each, for as long
/// as ended requests are remembered.
final class Orders implements Lanes.BatchRules {
    private final Table<Order> table;
    private final Agenda agenda;
    private final Map<String, Order> orders = new HashMap<>();
    private final Deque<BatchId> unswept = new ArrayDeque<>();

    Orders(KeyedStore store, Agenda agenda) {
        this.table = new Table<>(store, "order", Order.class);
        this.agenda = agenda;
    }

    void recover() {
        orders.clear();
        unswept.clear();
        table.forEach((key, order) -> {
            orders.put(key, order);
            if (order.cancelled() && !order.swept() && BatchId.isValid(key)) {
                unswept.add(new BatchId(key));
            }
        });
    }

    Order of(@Nullable BatchId batch) {
        return batch == null ? Order.NONE : orders.getOrDefault(batch.value(), Order.NONE);
    }

    /// True if `id` or its batch is cancelled.
    boolean cancelled(RequestId id) {
        return of(id.batch()).cancelled()
                || orders.getOrDefault(id.value(), Order.NONE).cancelled();
    }

    /// Until when `row` may wait: the later one of what it was tagged with and what commands have given its
    /// batch.
    Instant deadline(Row row) {
        Instant tagged = row.request().tag().deadline();
        Instant extended = of(row.id().batch()).deadline();
        return extended != null && extended.isAfter(tagged) ? extended : tagged;
    }

    /// Puts `order` in force for `key`, a batch's or a request's id, until `until`.
    void put(String key, Order order, Instant until) {
        Order before = orders.put(key, order);
        table.put(key, order);
        if (before == null) {
            agenda.add(Agenda.Kind.ORDER, until, key);
        }
        if (order.cancelled() && !order.swept() && BatchId.isValid(key) && (before == null || !before.cancelled())) {
            unswept.add(new BatchId(key));
        }
    }

    void forget(String key) {
        orders.remove(key);
        table.delete(key);
    }

    /// The next cancelled batch that may still have rows, or null.
    @Nullable
    BatchId nextUnswept() {
        return unswept.peek();
    }

    /// Notes that `batch`, the next one, has no rows left.
    void swept(BatchId batch) {
        unswept.remove(batch);
        Order order = of(batch).sweep();
        orders.put(batch.value(), order);
        table.put(batch.value(), order);
    }

    @Override
    public boolean isHeldBack(@Nullable BatchId batch) {
        Order order = of(batch);
        return order.paused() || order.cancelled();
    }

    @Override
    public Band band(@Nullable BatchId batch, Band tagged) {
        Band moved = of(batch).band();
        return moved == null ? tagged : moved;
    }

    @Override
    public long extendedMs(@Nullable BatchId batch) {
        Instant deadline = of(batch).deadline();
        return deadline == null ? 0 : deadline.toEpochMilli();
    }
}
