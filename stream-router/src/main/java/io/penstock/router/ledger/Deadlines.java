package io.penstock.router.ledger;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.Request;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Sees to it that every unfinished request is looked at when its deadline comes: by an entry of its
/// own, or by one for all lines of a batch that share a deadline.
///
/// An entry for a batch has all its lines looked at, so that there are few of them: lines with other deadlines than
/// the first eight of their batch have their own.
final class Deadlines {
    /// Batches whose deadlines are remembered, so that an entry is not written again with each line.
    private static final int KNOWN_MAX = 10_000;

    private static final int SHARED_MAX = 8;

    private final Agenda agenda;

    /// The deadlines that lines of a batch share, in milliseconds since 1970, and whether their entry is there.
    private final Map<BatchId, Map<Long, Boolean>> shared = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<BatchId, Map<Long, Boolean>> eldest) {
            return size() > KNOWN_MAX;
        }
    };

    Deadlines(Agenda agenda) {
        this.agenda = agenda;
    }

    void recover() {
        shared.clear();
        agenda.forEach(
                Agenda.Kind.BATCH_DEADLINE,
                due -> of(new BatchId(due.id())).put(due.when().toEpochMilli(), true));
    }

    void watch(Request request) {
        BatchId batch = request.id().batch();
        Instant deadline = request.tag().deadline();
        if (batch == null || isOwn(batch, deadline)) {
            agenda.add(Agenda.Kind.DEADLINE, deadline, request.id().value());
        } else {
            watch(batch, deadline);
        }
    }

    private boolean isOwn(BatchId batch, Instant deadline) {
        Map<Long, Boolean> known = of(batch);
        return known.size() >= SHARED_MAX && !known.containsKey(deadline.toEpochMilli());
    }

    /// Has all lines of `batch` looked at when `deadline` comes.
    void watch(BatchId batch, Instant deadline) {
        Boolean before = of(batch).put(deadline.toEpochMilli(), true);
        if (before == null || !before) {
            agenda.add(Agenda.Kind.BATCH_DEADLINE, deadline, batch.value());
        }
    }

    /// All lines of `batch` have been looked at since `deadline` came.
    void passed(BatchId batch, Instant deadline) {
        of(batch).put(deadline.toEpochMilli(), false);
        agenda.remove(Agenda.Kind.BATCH_DEADLINE, deadline, batch.value());
    }

    /// A batch's entry stays: other lines may need it.
    void unwatch(Request request) {
        BatchId batch = request.id().batch();
        Instant deadline = request.tag().deadline();
        if (batch == null) {
            agenda.remove(Agenda.Kind.DEADLINE, deadline, request.id().value());
            return;
        }
        Map<Long, Boolean> known = shared.getOrDefault(batch, Map.of());
        if (known.size() != 1 || !known.containsKey(deadline.toEpochMilli())) {
            agenda.removeIfThere(Agenda.Kind.DEADLINE, deadline, request.id().value());
        }
    }

    private Map<Long, Boolean> of(BatchId batch) {
        return shared.computeIfAbsent(batch, _ -> new HashMap<>(2));
    }
}
