package io.penstock.router.ledger;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Ends requests whose deadline has passed as expired.
final class DeadlineSweeper {
    /// Batches whose lines are ended in the same sweep, so that a large one does not hold up those after it.
    private static final int BATCHES_MAX = 16;

    private final Books books;
    private final Transitions transitions;
    private final int rowsMax;
    private final Map<BatchId, RequestId> reached = new HashMap<>();

    DeadlineSweeper(Books books, Transitions transitions, int rowsMax) {
        this.books = books;
        this.transitions = transitions;
        this.rowsMax = rowsMax;
    }

    void sweep(Instant now) {
        int left = rowsMax;
        for (Agenda.Entry due : books.agenda().due(Agenda.Kind.DEADLINE, now, left)) {
            Row row = books.row(new RequestId(due.id()));
            books.agenda().remove(due);
            if (row != null && !expired(row, now)) {
                keepWatch(row.id().batch(), now);
            }
            left--;
        }
        sweepBatches(left, now);
    }

    /// Each of the batches that are due has an equal part, and what those before it did not need.
    private void sweepBatches(int rows, Instant now) {
        int left = rows;
        List<Agenda.Entry> all = books.agenda().due(Agenda.Kind.BATCH_DEADLINE, now, Math.clamp(left, 0, BATCHES_MAX));
        for (int i = 0; i < all.size(); i++) {
            left -= Math.max(1, sweep(all.get(i), left / (all.size() - i), now));
        }
    }

    /// Goes on through the rows of a batch, at most `limit` of them. Those that may wait for longer, as
    /// their window was extended, are passed over.
    private int sweep(Agenda.Entry due, int limit, Instant now) {
        BatchId batch = new BatchId(due.id());
        List<Row> rows = books.rowsOf(batch, reached.get(batch), limit);
        for (Row row : rows) {
            boolean _ = expired(row, now);
        }
        if (rows.size() < limit) {
            reached.remove(batch);
            books.deadlines().passed(batch, due.when());
            keepWatch(batch, now);
        } else {
            reached.put(batch, rows.getLast().id());
        }
        return rows.size();
    }

    /// True if the time of `row` is over, and it has ended.
    private boolean expired(Row row, Instant now) {
        return !books.orders().deadline(row).isAfter(now) && transitions.apply(row, new Trigger.DeadlinePassed(), now);
    }

    /// Has the lines of a batch whose window was extended looked at when that ends.
    private void keepWatch(@Nullable BatchId batch, Instant now) {
        Instant extended = books.orders().of(batch).deadline();
        if (batch != null && extended != null && extended.isAfter(now)) {
            books.deadlines().watch(batch, extended);
        }
    }
}
