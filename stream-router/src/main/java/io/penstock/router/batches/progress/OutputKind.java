package io.penstock.router.batches.progress;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.FileId;
import io.penstock.topics.record.End;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// The two files a batch writes: answers that are good, and everything else.
public enum OutputKind {
    /// Lines an engine answered with 2xx.
    OUTPUT,
    /// Lines that failed, expired or were cancelled.
    ERROR;

    private static final int ID_BYTES = 16;

    /// The file that a line which ended so belongs into.
    public static OutputKind of(End end) {
        return switch (end) {
            case COMPLETED -> OUTPUT;
            case FAILED, EXPIRED, CANCELLED -> ERROR;
        };
    }

    /// The file's id: always the same for the same batch, so that a replay publishes the same file.
    public FileId fileOf(BatchId batch) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] hash = sha256.digest((batch.value() + ":" + suffix()).getBytes(StandardCharsets.UTF_8));
            return new FileId("file-" + HexFormat.of().formatHex(Arrays.copyOf(hash, ID_BYTES)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
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
