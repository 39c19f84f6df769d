package io.penstock.router.batches;

import io.penstock.router.batches.progress.BatchState;
import io.penstock.router.batches.progress.Retry;
import io.penstock.topics.id.BatchId;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The unfinished retries of each batch.
final class Retries {
    private final Map<BatchId, Set<BatchId>> byParent = new HashMap<>();

    void add(BatchState state) {
        Retry retry = state.retry();
        if (retry != null) {
            byParent.computeIfAbsent(retry.parent(), _ -> new LinkedHashSet<>())
                    .add(state.batch().id());
        }
    }

    void remove(BatchState state) {
        Retry retry = state.retry();
        if (retry != null) {
            byParent.computeIfPresent(retry.parent(), (_, retries) -> {
                retries.remove(state.batch().id());
                return retries.isEmpty() ? null : retries;
            });
        }
    }

    List<BatchId> of(BatchId parent) {
        return List.copyOf(byParent.getOrDefault(parent, Set.of()));
    }
}
