package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.TenantId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A batch as the client submitted it. `input` is the file's record at that moment, null if the client
/// named a file that does not exist (the batch then fails its validation, as OpenAI's do). `expiresAt`
/// is when its completion window ends. `outputExpiresAfterSeconds` is the life of its output files,
/// null for the default of 30 days.
/// `retryOf` is set for a retry of another batch's failed lines. `fingerprint` is the SHA-256 of what the
/// client asked for, by which a repeated submission is recognised; null if nobody computed it. `options` are
/// what OpenAI's API does not have.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Submission(
        TenantId tenant,
        String endpoint,
        String inputFileId,
        @Nullable StoredFile input,
        String completionWindow,
        ObjectiveName objective,
        @Nullable Map<String, String> metadata,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Long outputExpiresAfterSeconds,
        @Nullable RetryOf retryOf,
        @Nullable String fingerprint,
        BatchOptions options) {
    public Submission {
        options = options == null ? BatchOptions.NONE : options;
    }

    /// A submission without options.
    public Submission(
            TenantId tenant,
            String endpoint,
            String inputFileId,
            @Nullable StoredFile input,
            String completionWindow,
            ObjectiveName objective,
            @Nullable Map<String, String> metadata,
            Instant createdAt,
            Instant expiresAt,
            @Nullable Long outputExpiresAfterSeconds,
            @Nullable RetryOf retryOf,
            @Nullable String fingerprint) {
        this(
                tenant,
                endpoint,
                inputFileId,
                input,
                completionWindow,
                objective,
                metadata,
                createdAt,
                expiresAt,
                outputExpiresAfterSeconds,
                retryOf,
                fingerprint,
                BatchOptions.NONE);
    }
}
