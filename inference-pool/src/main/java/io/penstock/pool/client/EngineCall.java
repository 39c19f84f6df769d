package io.penstock.pool.client;

import java.io.IOException;

/// One call to an engine, made once.
public interface EngineCall {
    /// Sends the request and waits for the head of the answer, on the calling thread.
    ///
    /// @throws IOException if the engine cannot be reached, hangs up, or the call was cancelled or
    /// timed out
    EngineReply execute() throws IOException;

    /// Ends the call at once, from any thread, at any time: the engine sees the connection close and
    /// frees what the request held.
    void cancel();

    /// True once it was cancelled.
    boolean isCancelled();
}
