package io.penstock.ingest.http;

import java.io.IOException;

/// An exchange as the one sees it who calls its handler.
public interface ServedExchange extends Exchange {
    /// Completes the answer; nothing more to do if it was given whole.
    ///
    /// @throws IllegalStateException if there is no answer, or less of it than its `Content-Length` says
    void end() throws IOException;

    /// True once some of the answer was sent, so that no other can be given.
    boolean isAnswered();

    /// True once the client is known to have gone: it was seen leaving, or could not be read from or
    /// written to.
    boolean isGone();
}
