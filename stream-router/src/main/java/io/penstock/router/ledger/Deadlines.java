package io.penstock.router.ledger;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.Request;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Sees to it that every unfinished request is looked at when its deadline comes: by an entry of its
/// own, or by one for all lines of a batch that share a deadline.
final class Deadlines {
    /// Batches whose entry is known to be there, so that it is not written again with each line.
    private static final int KNOWN_MAX = 10_000;

    private final Agenda agenda;
    private final Map<BatchId, Instant> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<BatchId, Instant> eldest) {
            return size() > KNOWN_MAX;
        }
    };

    Deadlines(Agenda agenda) {
        this.agenda = agenda;
    }

    void recover() {
        known.clear();
    }

    void watch(Request request) {
        BatchId batch = request.id().batch();
        if (batch == null) {
            agenda.add(Agenda.Kind.DEADLINE, deadline(request), request.id().value());
        } else if (!deadline(request).equals(known.get(batch))) {
            agenda.add(Agenda.Kind.BATCH_DEADLINE, deadline(request), batch.value());
            known.put(batch, deadline(request));
        }
    }

    /// A batch's entry stays: other lines may need it.
    void unwatch(Request request) {
        if (request.id().batch() == null) {
            agenda.remove(Agenda.Kind.DEADLINE, deadline(request), request.id().value());
        }
    }

    private static Instant deadline(Request request) {
        return request.tag().deadline();
    }
}
