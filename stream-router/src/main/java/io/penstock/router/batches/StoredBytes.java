package io.penstock.router.batches;

import io.penstock.payload.BlobId;
import io.penstock.payload.PayloadStore;
import io.penstock.router.batches.input.RangeReader;
import java.io.IOException;
import java.io.InputStream;

/// Reads ranges of bytes from the payload store.
record StoredBytes(PayloadStore store) implements RangeReader {
    @Override
    public byte[] read(String blob, long offset, int length) throws IOException {
        try (InputStream in = store.read(new BlobId(blob), offset, length)) {
            return in.readNBytes(length);
        }
    }
}
