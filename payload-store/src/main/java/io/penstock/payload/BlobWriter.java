package io.penstock.payload;

import java.io.IOException;
import java.io.OutputStream;

/// A blob being written, by one thread. Closing it without a commit leaves nothing behind; closing it
/// after one changes nothing.
public abstract class BlobWriter extends OutputStream {
    /// Bytes written so far.
    public abstract long size();

    /// Makes the blob durable and visible, and returns its id. Nothing may be written after it.
    ///
    /// @throws IllegalStateException if the writer was committed or closed before
    public abstract BlobId commit() throws IOException;
}
