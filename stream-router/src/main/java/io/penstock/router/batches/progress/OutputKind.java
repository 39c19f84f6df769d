package io.penstock.router.batches.progress;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.FileId;
import io.penstock.topics.record.End;

/// The two files a batch writes: answers that are good, and everything else.
public enum OutputKind {
    /// Lines an engine answered with 2xx.
    OUTPUT,
    /// Lines that failed, expired or were cancelled.
    ERROR;

    /// The file that a line which ended so belongs into.
    public static OutputKind of(End end) {
        return switch (end) {
            case COMPLETED -> OUTPUT;
            case FAILED, EXPIRED, CANCELLED -> ERROR;
        };
    }

    /// The file's id: always the same for the same batch, so that a replay publishes the same file.
    public FileId fileOf(BatchId batch) {
        return FileId.ofBatch(batch, suffix());
    }

    /// The name it is downloaded under: `<batch id>_output.jsonl` or `<batch id>_error.jsonl`.
    public String filenameOf(BatchId batch) {
        return batch.value() + "_" + suffix() + ".jsonl";
    }

    private String suffix() {
        return switch (this) {
            case OUTPUT -> "output";
            case ERROR -> "error";
        };
    }
}
