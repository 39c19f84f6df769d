package io.penstock.ingest.webhooks.policy;

import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The events of batches: each terminal status is one.
public final class BatchEvents {
    /// Every type there is.
    public static final List<String> TYPES =
            List.of("batch.completed", "batch.failed", "batch.expired", "batch.cancelled");

    private BatchEvents() {}

    /// What the record tells, null while the batch has not ended.
    public static @Nullable WebhookEvent of(Batch batch) {
        Instant at = batch.since().get(batch.status());
        String type = type(batch.status());
        if (type == null || at == null) {
            return null;
        }
        return WebhookEvent.of(type, batch.id().value(), batch.submission().tenant(), at);
    }

    private static @Nullable String type(BatchStatus status) {
        return switch (status) {
            case COMPLETED -> "batch.completed";
            case FAILED -> "batch.failed";
            case EXPIRED -> "batch.expired";
            case CANCELLED -> "batch.cancelled";
            case VALIDATING, IN_PROGRESS, FINALIZING, CANCELLING -> null;
        };
    }
}
