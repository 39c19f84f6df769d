package io.penstock.simulator.driver;

import io.penstock.simulator.engine.FinishReason;

/// Who waits for a request's tokens. Called on the driver's thread: must not block.
public interface TokenSink {
    /// Token `index` of the answer exists.
    void token(int index);

    /// The request has ended; nothing follows.
    void finished(FinishReason reason);
}
