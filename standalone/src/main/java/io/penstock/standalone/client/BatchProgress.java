package io.penstock.standalone.client;

import org.jspecify.annotations.Nullable;

/// A batch as the API shows it at one moment: OpenAI's status words and line counts. File ids are null
/// until there is such a file. `error` is the first validation error of a failed batch.
public record BatchProgress(
        String id,
        String status,
        int total,
        int completed,
        int failed,
        @Nullable String outputFileId,
        @Nullable String errorFileId,
        @Nullable String error) {

    /// Lines that have ended.
    public int done() {
        return completed + failed;
    }

    /// True if nothing will change any more.
    public boolean isTerminal() {
        return switch (status) {
            case "completed", "failed", "expired", "cancelled" -> true;
            default -> false;
        };
    }
}
