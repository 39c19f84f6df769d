package io.penstock.payload;

import java.time.Instant;

/// A committed blob as a garbage collector sees it: its size in bytes, and when its last byte was
/// written.
public record BlobInfo(BlobId id, long size, Instant written) {
    public BlobInfo {
        if (size < 0) {
            throw new IllegalArgumentException("size must be at least 0 bytes, but was " + size);
        }
    }
}
