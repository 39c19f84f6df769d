package io.penstock.router.batches.progress;

import io.penstock.topics.record.End;

/// What a decision asks the outside to do, in the transaction that stores the new state.
public sealed interface Effect {
    /// Tell everyone the batch's new state: at once, or soon together with what else changes.
    record Announce(boolean atOnce) implements Effect {}

    /// Remember that `line` ended so.
    record Mark(int line, End end) implements Effect {}

    /// Keep the output line at hand, which answers `line`, as number `number` of the file `kind`.
    record KeepLine(OutputKind kind, long number, int line) implements Effect {}

    /// Publish what the file of `kind` holds by now.
    record Publish(OutputKind kind) implements Effect {}
}
