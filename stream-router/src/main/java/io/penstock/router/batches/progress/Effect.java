package io.penstock.router.batches.progress;

import io.penstock.topics.record.StoredFile;

/// What a decision asks the outside to do, in the transaction that stores the new state.
public sealed interface Effect {
    /// Tell everyone the batch's new state: at once, or soon together with what else changes.
    record Announce(boolean atOnce) implements Effect {}

    /// Keep the line at hand as number `number` of the file `kind`.
    record KeepLine(OutputKind kind, long number) implements Effect {}

    /// Publish what the file holds by now.
    record Publish(StoredFile file) implements Effect {}
}
