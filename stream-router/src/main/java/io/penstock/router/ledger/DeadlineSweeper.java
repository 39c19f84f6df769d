package io.penstock.router.ledger;

import io.penstock.topics.id.RequestId;
import java.time.Instant;

/// Ends requests whose deadline has passed as expired.
final class DeadlineSweeper {
    private final Books books;
    private final Transitions transitions;
    private final int rowsMax;

    DeadlineSweeper(Books books, Transitions transitions, int rowsMax) {
        this.books = books;
        this.transitions = transitions;
        this.rowsMax = rowsMax;
    }

    void sweep(Instant now) {
        for (Agenda.Entry due : books.agenda().due(Agenda.Kind.DEADLINE, now, rowsMax)) {
            Row row = books.row(new RequestId(due.id()));
            if (row == null) {
                books.agenda().remove(due);
            } else {
                transitions.apply(row, new Trigger.DeadlinePassed(), now);
            }
        }
    }
}
