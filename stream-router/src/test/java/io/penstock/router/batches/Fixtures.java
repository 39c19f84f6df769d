package io.penstock.router.batches;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.FileId;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchOptions;
import io.penstock.topics.record.RetryOf;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.StoredFile.Segment;
import io.penstock.topics.record.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Batches to test with.
public final class Fixtures {
    public static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
    public static final Duration WINDOW = Duration.ofHours(24);
    public static final BatchId ID = new BatchId("batch_0123456789abcdef0123456789abcdef");

    private Fixtures() {}

    /// A batch that retries lines of `parent`; all that failed if no `codes` are named.
    public static Batch retry(Batch parent, BatchId id, String... codes) {
        return retry(parent, id, new RetryOf(parent.id(), List.of(codes)));
    }

    /// A batch that retries what `of` says of `parent`.
    public static Batch retry(Batch parent, BatchId id, RetryOf of) {
        Submission first = parent.submission();
        return Batch.submitted(
                id,
                new Submission(
                        first.tenant(),
                        first.endpoint(),
                        first.inputFileId(),
                        first.input(),
                        first.completionWindow(),
                        first.objective(),
                        null,
                        first.createdAt(),
                        first.expiresAt(),
                        null,
                        of,
                        null,
                        first.options()));
    }

    /// A chat batch whose input is the blob named, `bytes` long; without an input if `blob` is null.
    public static Batch chat(BatchId id, @Nullable String blob, long bytes) {
        return chat(id, blob, bytes, BatchOptions.NONE);
    }

    /// The same with options.
    public static Batch chat(BatchId id, @Nullable String blob, long bytes, BatchOptions options) {
        StoredFile input = blob == null
                ? null
                : new StoredFile(
                        FileId.random(),
                        TenantId.DEFAULT,
                        "in.jsonl",
                        "batch",
                        START,
                        null,
                        List.of(new Segment(blob, bytes)),
                        null);
        return Batch.submitted(
                id,
                new Submission(
                        TenantId.DEFAULT,
                        "/v1/chat/completions",
                        "file-in",
                        input,
                        "24h",
                        new ObjectiveName("night"),
                        null,
                        START,
                        START.plus(WINDOW),
                        null,
                        null,
                        null,
                        options));
    }
}
