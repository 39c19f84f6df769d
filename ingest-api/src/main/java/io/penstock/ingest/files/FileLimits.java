package io.penstock.ingest.files;

/// How large files may be, in bytes: any, and those of purpose `batch`.
public record FileLimits(long bytesMax, long batchBytesMax) {
    /// OpenAI's: 512 MB and 200 MB.
    public static final FileLimits DEFAULT = new FileLimits(512L * 1024 * 1024, 200L * 1024 * 1024);

    public FileLimits {
        if (bytesMax < 1 || batchBytesMax < 1) {
            throw new IllegalArgumentException("files.max.bytes and files.batch.max.bytes must be positive, but were "
                    + bytesMax + " and " + batchBytesMax);
        }
    }
}
