package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.id.PartId;
import io.penstock.topics.id.UploadId;
import io.penstock.topics.record.StoredFile.Segment;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A part of an upload, whole in the payload store. `fingerprint` is the SHA-256 of what was sent under an
/// idempotency key, null for a part sent without one.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UploadPart(
        PartId id,
        UploadId upload,
        Instant createdAt,
        Segment content,
        @Nullable String fingerprint) {
    /// A part sent without an idempotency key.
    public UploadPart(PartId id, UploadId upload, Instant createdAt, Segment content) {
        this(id, upload, createdAt, content, null);
    }
}
