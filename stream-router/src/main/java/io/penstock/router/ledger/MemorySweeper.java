package io.penstock.router.ledger;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import java.time.Duration;
import java.time.Instant;

/// Forgets what ended long enough ago, and orders that nothing can need any more.
final class MemorySweeper {
    private final Books books;
    private final Duration memory;
    private final int rowsMax;

    MemorySweeper(Books books, Duration memory, int rowsMax) {
        this.books = books;
        this.memory = memory;
        this.rowsMax = rowsMax;
    }

    void sweep(Instant now) {
        for (Agenda.Entry due : books.agenda().due(Agenda.Kind.ENDED, now, rowsMax)) {
            books.ended().forget(new RequestId(due.id()));
            books.agenda().remove(due);
        }
        for (Agenda.Entry due : books.agenda().due(Agenda.Kind.ENDED_BATCH, now, 10)) {
            if (books.ended().forget(new BatchId(due.id()), due.when(), rowsMax)) {
                books.agenda().remove(due);
            }
        }
        for (Agenda.Entry due : books.agenda().due(Agenda.Kind.ORDER, now, 10)) {
            books.agenda().remove(due);
            if (isNeeded(due.id())) {
                books.agenda().add(Agenda.Kind.ORDER, now.plus(memory), due.id());
            } else {
                books.orders().forget(due.id());
            }
        }
    }

    private boolean isNeeded(String key) {
        return BatchId.isValid(key) && !books.rowsOf(new BatchId(key), null, 1).isEmpty();
    }
}
