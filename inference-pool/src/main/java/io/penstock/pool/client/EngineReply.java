package io.penstock.pool.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// The head of an engine's answer, and its body as it comes. To be closed; cancel the call first if the
/// body was not read to its end, or closing waits for more of it.
public interface EngineReply extends Closeable {
    int status();

    /// The first header of that name, whatever its case.
    @Nullable
    String header(String name);

    /// The body, blocking as it comes.
    InputStream body();

    /// The whole body.
    ///
    /// @throws IOException if it is longer than `maxBytes`, or the connection breaks
    byte[] bytes(int maxBytes) throws IOException;
}
