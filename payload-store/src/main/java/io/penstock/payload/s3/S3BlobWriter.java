package io.penstock.payload.s3;

import io.penstock.payload.BlobId;
import io.penstock.payload.BlobWriter;
import java.io.IOException;
import java.util.Arrays;

/// Gathers what is written into parts of equal size and sends each when it is full; what fits one part
/// goes in one call, at the commit.
final class S3BlobWriter extends BlobWriter {
    /// A writer that stays below it takes no part's memory.
    private static final int SMALL_BYTES = 64 * 1024;

    private final BlobId id;
    private final S3Upload upload;
    private final PartMemory memory;
    private byte[] buffer = new byte[SMALL_BYTES];
    private int filled;
    private long size;
    private boolean holdsMemory;
    private boolean ended;

    S3BlobWriter(BlobId id, S3Upload upload, PartMemory memory) {
        this.id = id;
        this.upload = upload;
        this.memory = memory;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        refuseIfEnded();
        int from = offset;
        int left = length;
        while (left > 0) {
            makeRoom();
            int copied = Math.min(left, buffer.length - filled);
            System.arraycopy(bytes, from, buffer, filled, copied);
            filled += copied;
            from += copied;
            left -= copied;
        }
        size += length;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public BlobId commit() throws IOException {
        refuseIfEnded();
        if (upload.hasParts()) {
            upload.addPart(buffer, filled);
            upload.complete(size);
        } else {
            upload.put(buffer, filled);
        }
        end();
        return id;
    }

    @Override
    public void close() {
        if (!ended) {
            end();
            upload.abort();
        }
    }

    private void makeRoom() throws IOException {
        if (filled < buffer.length) {
            return;
        }
        if (filled == memory.partBytes()) {
            upload.addPart(buffer, filled);
            filled = 0;
            return;
        }
        if (!holdsMemory) {
            memory.take();
            holdsMemory = true;
        }
        buffer = Arrays.copyOf(buffer, (int) Math.min(2L * buffer.length, memory.partBytes()));
    }

    private void end() {
        ended = true;
        buffer = new byte[0];
        if (holdsMemory) {
            memory.giveBack();
        }
    }

    private void refuseIfEnded() {
        if (ended) {
            throw new IllegalStateException("payload " + id + " was committed or closed before");
        }
    }
}
