package io.penstock.ingest.openai;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What files are uploaded for.
public final class Purpose {
    /// Input files of batches: they have a limit, a form and a life of their own.
    public static final String BATCH = "batch";

    private static final Duration BATCH_FILE_KEPT = Duration.ofDays(30);
    private static final List<String> ALL = List.of("assistants", BATCH, "fine-tune", "vision", "user_data", "evals");

    private Purpose() {}

    /// `purpose`, if a client may upload for it.
    ///
    /// @throws ApiException 400 if it is absent or none of those
    public static String checked(@Nullable String purpose) {
        if (purpose == null) {
            throw new ApiException(ErrorKind.MISSING_PARAMETER, "Missing required parameter: 'purpose'.", "purpose");
        }
        if (!ALL.contains(purpose)) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "Invalid value: '" + purpose + "'. Supported values are: '" + String.join("', '", ALL) + "'.",
                    "purpose");
        }
        return purpose;
    }

    /// When a file created at `now` expires; `seconds` is the life asked for, null for the default: 30 d
    /// for batches, for ever for the others.
    public static @Nullable Instant expiry(String purpose, @Nullable Long seconds, Instant now) {
        if (seconds != null) {
            return now.plusSeconds(seconds);
        }
        return purpose.equals(BATCH) ? now.plus(BATCH_FILE_KEPT) : null;
    }

    /// What is answered if an input file of a batch is refused for its first line.
    public static ApiException notJsonLines() {
        return new ApiException(ErrorKind.BAD_REQUEST, "Invalid file format for Batch API. Must be .jsonl", "file");
    }
}
