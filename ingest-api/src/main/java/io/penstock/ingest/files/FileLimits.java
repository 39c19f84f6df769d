package io.penstock.ingest.files;

/// How large files may be, in bytes: any, those of purpose `batch`, and all of a tenant's together,
/// uploads in work included. `uploads` bounds those that come in parts.
public record FileLimits(long bytesMax, long batchBytesMax, long tenantBytesMax, UploadLimits uploads) {
    /// OpenAI's: 512 MB, 200 MB and 2.5 TB.
    public static final FileLimits DEFAULT =
            new FileLimits(512L * 1024 * 1024, 200L * 1024 * 1024, 2_500_000_000_000L, UploadLimits.DEFAULT);

    public FileLimits {
        if (bytesMax < 1 || batchBytesMax < 1 || tenantBytesMax < 1) {
            throw new IllegalArgumentException("files.max.bytes, files.batch.max.bytes and files.tenant.max.bytes must"
                    + " be positive, but were " + bytesMax + ", " + batchBytesMax + " and " + tenantBytesMax);
        }
    }

    /// Bounds of an upload in parts: its bytes, those of one part, and how many parts it takes.
    public record UploadLimits(long bytesMax, long partBytesMax, int partsMax) {
        /// OpenAI's 8 GB and 64 MB; 1,000 parts, whose list is 80 KB of the file's record.
        public static final UploadLimits DEFAULT = new UploadLimits(8L * 1024 * 1024 * 1024, 64L * 1024 * 1024, 1_000);

        public UploadLimits {
            if (bytesMax < 1 || partBytesMax < 1 || partsMax < 1 || partsMax > 5_000) {
                throw new IllegalArgumentException("uploads.max.bytes and uploads.part.max.bytes must be positive and"
                        + " uploads.parts.max 1 to 5000, but were " + bytesMax + ", " + partBytesMax + " and "
                        + partsMax);
            }
        }
    }
}
