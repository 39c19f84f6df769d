package io.penstock.router.batches;

import io.penstock.payload.BlobId;
import io.penstock.payload.BlobWriter;
import io.penstock.payload.PayloadStore;
import java.io.IOException;
import java.io.InputStream;

/// A store that can be told to fail.
final class FlakyStore implements PayloadStore {
    private final PayloadStore store;
    private boolean failing;
    private int calls;

    FlakyStore(PayloadStore store) {
        this.store = store;
    }

    void fail(boolean nowFailing) {
        failing = nowFailing;
    }

    /// Calls made so far, failed ones included.
    int calls() {
        return calls;
    }

    @Override
    public BlobWriter create() throws IOException {
        check();
        return store.create();
    }

    @Override
    public InputStream read(BlobId id, long offset, long length) throws IOException {
        check();
        return store.read(id, offset, length);
    }

    @Override
    public byte[] readRange(BlobId id, long offset, int length) throws IOException {
        check();
        return store.readRange(id, offset, length);
    }

    @Override
    public long size(BlobId id) throws IOException {
        check();
        return store.size(id);
    }

    @Override
    public void delete(BlobId id) throws IOException {
        store.delete(id);
    }

    private void check() throws IOException {
        calls++;
        if (failing) {
            throw new IOException("the disk is away");
        }
    }
}
