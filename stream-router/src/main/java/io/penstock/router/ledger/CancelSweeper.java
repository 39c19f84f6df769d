package io.penstock.router.ledger;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import java.time.Instant;
import java.util.List;

/// Ends the unfinished requests of cancelled batches: what runs in the step of the cancel, because it holds
/// engines; the rest, of which nothing is given out any more, in sweeps. Lines admitted after the cancel are
/// answered at admission, so one pass over the batch's rows is enough.
final class CancelSweeper {
    private final Books books;
    private final Transitions transitions;
    private final int rowsMax;

    CancelSweeper(Books books, Transitions transitions, int rowsMax) {
        this.books = books;
        this.transitions = transitions;
        this.rowsMax = rowsMax;
    }

    /// `batch` has just been cancelled: ends what workers hold of it, at most what they all run.
    void abort(BatchId batch, Instant now) {
        for (PullerAccount puller : books.pullers().all()) {
            for (RequestId id : books.pullers().heldBy(puller.puller(), Integer.MAX_VALUE)) {
                Row row = batch.equals(id.batch()) ? books.row(id) : null;
                if (row != null) {
                    transitions.apply(row, new Trigger.Cancelled(), now);
                }
            }
        }
    }

    void sweep(Instant now) {
        int left = rowsMax;
        while (left > 0) {
            BatchId batch = books.orders().nextUnswept();
            if (batch == null) {
                return;
            }
            List<Row> rows = books.rowsOf(batch, null, left);
            for (Row row : rows) {
                transitions.apply(row, new Trigger.Cancelled(), now);
            }
            if (rows.size() < left) {
                books.orders().swept(batch);
            }
            left -= Math.max(1, rows.size());
        }
    }
}
