package io.penstock.ingest.chat;

import java.io.IOException;

/// What a client's leaving ends: whatever its call waits for at that moment. Thread-safe.
final class Departure {
    private final Runnable count;
    private Runnable stop = () -> {};
    private boolean gone;

    /// `count` takes note of the leaving.
    Departure(Runnable count) {
        this.count = count;
    }

    /// The client is gone.
    synchronized void gone() {
        gone = true;
        count.run();
        stop.run();
    }

    /// From now on leaving means `next`.
    ///
    /// @throws IOException if the client is gone already; `next` was run
    synchronized void means(Runnable next) throws IOException {
        stop = next;
        if (gone) {
            next.run();
            throw new IOException("the client is gone");
        }
    }

    synchronized boolean isGone() {
        return gone;
    }
}
