package io.penstock.ingest;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchOptions;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.Submission;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Batches for tests: of the default tenant, submitted at `START` with a window of 24 hours.
public final class Batches {
    public static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

    private Batches() {}

    public static Batch in(BatchStatus status) {
        return in(status, Map.of("k", "v"), BatchOptions.NONE);
    }

    public static Batch in(BatchStatus status, Map<String, String> metadata, BatchOptions options) {
        Batch submitted = Batch.submitted(
                BatchId.random(),
                new Submission(
                        TenantId.DEFAULT,
                        "/v1/chat/completions",
                        "file-1",
                        null,
                        "24h",
                        new ObjectiveName("batch"),
                        metadata,
                        START,
                        START.plusSeconds(86_400),
                        null,
                        null,
                        null,
                        options));
        return way(status).stream().reduce(submitted, (batch, next) -> batch.entering(next, START), (a, _) -> a);
    }

    private static List<BatchStatus> way(BatchStatus status) {
        return switch (status) {
            case VALIDATING -> List.of();
            case FAILED, IN_PROGRESS, CANCELLING, EXPIRED -> List.of(status);
            case FINALIZING -> List.of(BatchStatus.IN_PROGRESS, status);
            case COMPLETED -> List.of(BatchStatus.IN_PROGRESS, BatchStatus.FINALIZING, status);
            case CANCELLED -> List.of(BatchStatus.CANCELLING, status);
        };
    }
}
