package io.penstock.router.ledger;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import java.time.Instant;

/// Forgets ended requests and cancelled batches after 48 hours, when no replay can bring them back.
final class TombstoneSweeper {
    private final Books books;
    private final int rowsMax;

    TombstoneSweeper(Books books, int rowsMax) {
        this.books = books;
        this.rowsMax = rowsMax;
    }

    void sweep(Instant now) {
        for (Agenda.Entry due : books.agenda().due(Agenda.Kind.TOMBSTONE, now, rowsMax)) {
            books.forget(new RequestId(due.id()));
            books.agenda().remove(due);
        }
        for (Agenda.Entry due : books.agenda().due(Agenda.Kind.CANCELLATION, now, rowsMax)) {
            books.cancellations().forget(new BatchId(due.id()));
            books.agenda().remove(due);
        }
    }
}
