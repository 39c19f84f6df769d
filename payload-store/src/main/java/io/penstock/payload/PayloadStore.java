package io.penstock.payload;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.stream.Stream;

/// Holds immutable blobs. Every method may block on a disk or a network. It throws `PayloadMissing`
/// where there is no such blob, `PayloadStoreFull` where nothing more fits, and
/// `PayloadStoreUnavailable` or another `IOException` where the store cannot do it now. Thread-safe,
/// and safe for many processes on one store.
public interface PayloadStore {
    /// A new blob, to be written and committed by one thread. Not visible before its commit.
    BlobWriter create() throws IOException;

    /// `length` bytes from byte `offset`, streamed. The stream ends early if the blob does.
    InputStream read(BlobId id, long offset, long length) throws IOException;

    /// Exactly `length` bytes from byte `offset`; fails if the blob is shorter.
    byte[] readRange(BlobId id, long offset, int length) throws IOException;

    /// The blob's size in bytes.
    long size(BlobId id) throws IOException;

    /// Removes the blob; one that is not there is no error.
    void delete(BlobId id) throws IOException;

    /// Removes what writers left behind that were neither committed nor closed (their process died), if
    /// nothing was written to it since `before`; returns how many. A store that keeps no such leftovers
    /// does nothing.
    default int removeLeftovers(Instant before) throws IOException {
        return 0;
    }

    /// Every committed blob, in no order, read as the stream is: to be closed by the caller. Blobs
    /// committed or deleted meanwhile may or may not be in it; a failure on the way is thrown as an
    /// `UncheckedIOException`. For garbage collection; a store that cannot list throws
    /// `UnsupportedOperationException`.
    default Stream<BlobInfo> list() throws IOException {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " cannot list its blobs");
    }

    /// Fails if the store cannot be used at all now: it is not there, or may not be used.
    default void reach() throws IOException {}

    /// Releases what the store holds of the system, such as connections. Nothing may be called after it.
    default void close() {}
}
