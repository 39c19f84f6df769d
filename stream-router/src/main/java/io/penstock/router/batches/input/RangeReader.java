package io.penstock.router.batches.input;

import java.io.IOException;

/// Reads part of a stored blob.
@FunctionalInterface
public interface RangeReader {
    /// The `length` bytes from byte `offset` of `blob`, all of them.
    ///
    /// @throws IOException if they cannot be read now
    byte[] read(String blob, long offset, int length) throws IOException;
}
