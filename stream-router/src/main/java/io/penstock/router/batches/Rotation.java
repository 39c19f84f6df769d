package io.penstock.router.batches;

import io.penstock.topics.id.BatchId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Batches that need one kind of work, taking turns.
final class Rotation {
    private final LinkedHashSet<BatchId> ids = new LinkedHashSet<>();

    /// Adds or removes `id`; a batch already in keeps its place.
    void set(BatchId id, boolean needed) {
        if (needed) {
            ids.add(id);
        } else {
            ids.remove(id);
        }
    }

    int size() {
        return ids.size();
    }

    boolean contains(BatchId id) {
        return ids.contains(id);
    }

    /// Whose turn it is; moved to the end. There must be one.
    BatchId next() {
        BatchId id = ids.removeFirst();
        ids.addLast(id);
        return id;
    }

    List<BatchId> snapshot() {
        return List.copyOf(ids);
    }

    Set<BatchId> view() {
        return ids;
    }
}
