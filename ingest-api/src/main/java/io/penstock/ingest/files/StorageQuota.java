package io.penstock.ingest.files;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.view.Catalogues;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.Upload;
import java.time.Instant;
import java.time.InstantSource;

/// How many bytes a tenant may store: files that live, output files included, and uploads in work by
/// what they announced. It is asked before something is stored, so uploads at the same moment may pass
/// it together.
public final class StorageQuota {
    private final Catalogues catalogues;
    private final long bytesMax;
    private final InstantSource clock;

    public StorageQuota(Catalogues catalogues, FileLimits limits, InstantSource clock) {
        this.catalogues = catalogues;
        this.bytesMax = limits.tenantBytesMax();
        this.clock = clock;
    }

    /// Refuses `bytes` more of `tenant` if they would be too many.
    ///
    /// @throws ApiException 429, which clients are told not to repeat
    public void require(TenantId tenant, long bytes) {
        long used = used(tenant, clock.instant());
        if (bytes > bytesMax - used) {
            throw new ApiException(
                    ErrorKind.STORAGE_QUOTA,
                    "The tenant's files have " + used + " bytes; " + bytes + " more would exceed " + bytesMax
                            + " (setting files.tenant.max.bytes). Delete files that are no longer needed.",
                    "file");
        }
    }

    private long used(TenantId tenant, Instant now) {
        long files = catalogues.files().stream()
                .filter(file -> file.tenant().equals(tenant) && !file.isExpired(now))
                .mapToLong(StoredFile::bytes)
                .sum();
        long uploads = catalogues.uploads().stream()
                .filter(upload -> upload.tenant().equals(tenant) && upload.statusAt(now) == Upload.Status.PENDING)
                .mapToLong(Upload::bytes)
                .sum();
        return files + uploads;
    }
}
