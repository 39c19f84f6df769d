package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.id.FileId;
import io.penstock.topics.id.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A file of the Files API: its content is the `segments`, in order. `expiresAt` is null for a file
/// that is kept until it is deleted. `purpose` is OpenAI's word: `batch`, `batch_output`, …
/// `fingerprint` is the SHA-256 of what a client sent under an idempotency key, or of which parts of an upload it is
/// made; null for other files.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StoredFile(
        FileId id,
        TenantId tenant,
        String filename,
        String purpose,
        Instant createdAt,
        @Nullable Instant expiresAt,
        List<Segment> segments,
        @Nullable String fingerprint) {
    public StoredFile {
        segments = List.copyOf(segments);
    }

    /// An immutable blob of the payload store, `bytes` long.
    public record Segment(String blob, long bytes) {}

    /// True once its time is up.
    public boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    /// The file's size in bytes.
    public long bytes() {
        return segments.stream().mapToLong(Segment::bytes).sum();
    }
}
