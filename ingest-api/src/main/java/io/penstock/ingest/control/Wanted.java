package io.penstock.ingest.control;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.Exhausted;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which exhausted requests are meant: those of `ids`, with one of `customIds`, of batch `batch`, whose last error
/// contains `error`; what is absent narrows nothing. `customIds` need a batch: they are its lines' own.
record Wanted(
        List<String> ids,
        List<String> customIds,
        @Nullable String batch,
        @Nullable String error) {
    Wanted {
        ids = List.copyOf(ids);
        customIds = List.copyOf(customIds);
        if (!customIds.isEmpty() && batch == null) {
            throw new ApiException(
                    ErrorKind.MISSING_PARAMETER, "'batch' must say whose lines 'custom_ids' are.", "batch");
        }
    }

    boolean isEverything() {
        return ids.isEmpty() && batch == null && error == null;
    }

    /// True if lines are meant one by one, and not all of a batch.
    boolean namesLines() {
        return !ids.isEmpty() || !customIds.isEmpty();
    }

    boolean includes(Exhausted exhausted) {
        return (ids.isEmpty() || ids.contains(exhausted.request().id().value()))
                && (customIds.isEmpty()
                        || customIds.contains(exhausted.request().customId()))
                && (batch == null || isOfBatch(exhausted))
                && (error == null || exhausted.error().contains(error));
    }

    /// True if it is a line of `batch`.
    boolean isOfBatch(Exhausted exhausted) {
        BatchId of = exhausted.request().id().batch();
        return of != null && of.value().equals(batch);
    }
}
