package io.penstock.router.ledger;

import io.penstock.topics.id.BatchId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The cancelled batches that are remembered, and which of them may still have rows.
final class Cancellations {
    /// A cancelled batch; `swept` once no row of it is left from before the cancel.
    record Cancelled(Instant at, boolean swept) {}

    private final Table<Cancelled> table;
    private final Agenda agenda;
    private final Deque<BatchId> unswept = new ArrayDeque<>();

    Cancellations(KeyedStore store, Agenda agenda) {
        this.table = new Table<>(store, "cancelled", Cancelled.class);
        this.agenda = agenda;
    }

    void recover() {
        unswept.clear();
        table.forEach((batch, cancelled) -> {
            if (!cancelled.swept()) {
                unswept.add(new BatchId(batch));
            }
        });
    }

    boolean contains(@Nullable BatchId batch) {
        return batch != null && table.contains(batch.value());
    }

    /// Remembers `batch` until `until`; a repeated cancel changes nothing.
    void add(BatchId batch, Instant now, Instant until) {
        if (!contains(batch)) {
            table.put(batch.value(), new Cancelled(now, false));
            agenda.add(Agenda.Kind.CANCELLATION, until, batch.value());
            unswept.add(batch);
        }
    }

    /// The next batch that may still have rows, or null.
    @Nullable
    BatchId nextUnswept() {
        return unswept.peek();
    }

    /// Notes that `batch`, the next one, has no rows left.
    void swept(BatchId batch, Instant now) {
        unswept.remove(batch);
        table.put(batch.value(), new Cancelled(now, true));
    }

    void forget(BatchId batch) {
        unswept.remove(batch);
        table.delete(batch.value());
    }
}
