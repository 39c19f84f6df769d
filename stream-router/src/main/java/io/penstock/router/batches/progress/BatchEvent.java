package io.penstock.router.batches.progress;

import io.penstock.router.batches.input.Validation.Findings;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Usage;

/// What may happen to a batch.
public sealed interface BatchEvent {
    /// Somebody wants something done with it.
    record Commanded(Control.Action action) implements BatchEvent {}

    /// Its input was read through, or given up.
    record Validated(Findings findings) implements BatchEvent {}

    /// More of its input is on `requests.*`.
    record Expanded(Expansion expansion) implements BatchEvent {}

    /// The rest of its input cannot be read, and its window has long passed: the requests that were
    /// never put on `requests.*` end as expired.
    record InputLost() implements BatchEvent {}

    /// A result of line `line` came; its output line has `bytes` bytes with the line feed. `first` is
    /// false if that line has ended before, or is none the batch runs.
    record LineEnded(int line, boolean first, End end, Usage usage, int bytes) implements BatchEvent {}

    /// The next `lines` waiting lines of a file are stored as one more segment, `bytes` long.
    record SegmentWritten(OutputKind kind, long bytes, int lines) implements BatchEvent {}

    /// Its deadline has passed.
    record WindowPassed() implements BatchEvent {}
}
