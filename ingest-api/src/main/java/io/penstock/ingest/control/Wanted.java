package io.penstock.ingest.control;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Exhausted;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which exhausted requests are meant: those of `ids`, of batch `batch`, whose last error contains
/// `error`; what is absent narrows nothing.
record Wanted(
        List<String> ids, @Nullable String batch, @Nullable String error) {
    Wanted {
        ids = List.copyOf(ids);
    }

    boolean isEverything() {
        return ids.isEmpty() && batch == null && error == null;
    }

    boolean includes(Exhausted exhausted) {
        RequestId id = exhausted.request().id();
        BatchId of = id.batch();
        return (ids.isEmpty() || ids.contains(id.value()))
                && (batch == null || (of != null && of.value().equals(batch)))
                && (error == null || exhausted.error().contains(error));
    }
}
