package io.penstock.router.batches;

import io.penstock.payload.BlobId;
import io.penstock.payload.PayloadStore;
import io.penstock.router.batches.input.RangeReader;
import java.io.IOException;

/// Reads ranges of bytes from the payload store.
record StoredBytes(PayloadStore store) implements RangeReader {
    @Override
    public byte[] read(String blob, long offset, int length) throws IOException {
        return store.readRange(id(blob), offset, length);
    }

    private static BlobId id(String blob) throws IOException {
        try {
            return new BlobId(blob);
        } catch (IllegalArgumentException e) {
            throw new IOException("a file's record names a blob that cannot exist", e);
        }
    }
}
