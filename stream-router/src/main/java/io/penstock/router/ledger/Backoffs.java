package io.penstock.router.ledger;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The requests that back off: when each is due, on the agenda, and how many of each batch, in memory.
final class Backoffs {
    private final Agenda agenda;
    private final Map<BatchId, Integer> ofBatch = new HashMap<>();

    Backoffs(Agenda agenda) {
        this.agenda = agenda;
    }

    void recover() {
        ofBatch.clear();
        agenda.forEach(Agenda.Kind.BACKOFF, due -> count(new RequestId(due.id()).batch(), 1));
    }

    void add(RequestId id, Instant until) {
        agenda.add(Agenda.Kind.BACKOFF, until, id.value());
        count(id.batch(), 1);
    }

    void remove(RequestId id, Instant until) {
        agenda.remove(Agenda.Kind.BACKOFF, until, id.value());
        count(id.batch(), -1);
    }

    /// Lines of `batch` that back off.
    int of(BatchId batch) {
        return ofBatch.getOrDefault(batch, 0);
    }

    private void count(@Nullable BatchId batch, int by) {
        if (batch != null && ofBatch.merge(batch, by, Integer::sum) == 0) {
            ofBatch.remove(batch);
        }
    }
}
