package io.penstock.router.ledger;

import io.penstock.topics.id.BatchId;
import java.time.Instant;
import java.util.List;

/// Ends the unfinished requests of cancelled batches. Lines admitted after the cancel are answered at
/// admission, so one pass over the batch's rows is enough.
final class CancelSweeper {
    private final Books books;
    private final Transitions transitions;
    private final int rowsMax;

    CancelSweeper(Books books, Transitions transitions, int rowsMax) {
        this.books = books;
        this.transitions = transitions;
        this.rowsMax = rowsMax;
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
