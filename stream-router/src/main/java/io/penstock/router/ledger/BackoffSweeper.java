package io.penstock.router.ledger;

import io.penstock.topics.id.RequestId;
import java.time.Instant;

/// Puts requests whose backoff is over back into their lanes.
final class BackoffSweeper {
    private final Books books;
    private final Transitions transitions;
    private final int rowsMax;

    BackoffSweeper(Books books, Transitions transitions, int rowsMax) {
        this.books = books;
        this.transitions = transitions;
        this.rowsMax = rowsMax;
    }

    void sweep(Instant now) {
        for (Agenda.Entry due : books.agenda().due(Agenda.Kind.BACKOFF, now, rowsMax)) {
            Row row = books.row(new RequestId(due.id()));
            if (row == null || !transitions.apply(row, new Trigger.BackoffOver(), now)) {
                books.agenda().remove(due);
            }
        }
    }
}
