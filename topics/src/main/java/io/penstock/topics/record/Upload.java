package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.id.FileId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.UploadId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A file that a client uploads in parts: `bytes` long in the end. It takes parts until it is completed
/// or cancelled, or until `expiresAt`. `fileExpiresAfterSeconds` is the life of the file it becomes,
/// null for the purpose's default.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Upload(
        UploadId id,
        TenantId tenant,
        String filename,
        String purpose,
        String mimeType,
        long bytes,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Long fileExpiresAfterSeconds,
        Status status) {
    /// Where an upload stands; that its time is up is not recorded but follows from the clock.
    public enum Status {
        /// Takes parts.
        PENDING,
        /// Became the file `fileId`. Terminal.
        COMPLETED,
        /// Given up by the client. Terminal.
        CANCELLED,
        /// Its time was up before it was completed. Terminal.
        EXPIRED
    }

    public Upload {
        if (bytes < 1) {
            throw new IllegalArgumentException("an upload has at least 1 byte, but was to have " + bytes);
        }
    }

    /// Where it stands at `now`.
    public Status statusAt(Instant now) {
        return status == Status.PENDING && !now.isBefore(expiresAt) ? Status.EXPIRED : status;
    }

    /// The same upload, in `next`; fails unless it is pending.
    public Upload entering(Status next) {
        if (status != Status.PENDING) {
            throw new IllegalStateException(id + " cannot go from " + status + " to " + next);
        }
        return new Upload(
                id, tenant, filename, purpose, mimeType, bytes, createdAt, expiresAt, fileExpiresAfterSeconds, next);
    }

    /// The file it becomes when it is completed.
    public FileId fileId() {
        return FileId.ofUpload(id);
    }
}
