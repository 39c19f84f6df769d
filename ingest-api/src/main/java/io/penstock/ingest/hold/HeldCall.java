package io.penstock.ingest.hold;

import java.time.Instant;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// A call that waits, or waited. Its fields are the hold's, and guarded by it.
public final class HeldCall {
    final HoldRequest request;
    final Instant since;
    /// Has a permit when there is something to look at.
    final Semaphore news = new Semaphore(0);
    /// How it ended; null while it waits.
    Standing.@Nullable Settled end;

    HeldCall(HoldRequest request, Instant since) {
        this.request = request;
        this.since = since;
    }
}
