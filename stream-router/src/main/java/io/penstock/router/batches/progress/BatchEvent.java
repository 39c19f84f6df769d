package io.penstock.router.batches.progress;

import io.penstock.router.batches.input.Validation.Findings;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Estimate;
import io.penstock.topics.record.LineError;
import io.penstock.topics.record.Preview;
import io.penstock.topics.record.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What may happen to a batch.
public sealed interface BatchEvent {
    /// Somebody wants something done with it.
    record Commanded(Control.Action action) implements BatchEvent {}

    /// Its input was read through, or given up; `estimate` says when it will be done, null if nobody can.
    record Validated(Findings findings, @Nullable Estimate estimate) implements BatchEvent {}

    /// Its dry run is over: this is what its input holds, and `skipped` what is wrong with lines that would be
    /// skipped.
    record Previewed(Preview preview, Findings findings, List<LineError> skipped) implements BatchEvent {
        public Previewed {
            skipped = List.copyOf(skipped);
        }
    }

    /// It retries lines of another batch, `contents` of them.
    record RetryPlanned(
            Contents contents,
            @Nullable ModelName model,
            Retry retry,
            @Nullable Estimate estimate) implements BatchEvent {}

    /// The batch it retries has ended with these counts.
    record ParentEnded(Counts counts) implements BatchEvent {}

    /// More of its files is put together.
    record Merged(Merge merge) implements BatchEvent {}

    /// It is expected to be done at another time than before.
    record Estimated(@Nullable Estimate estimate) implements BatchEvent {}

    /// More of its input is on `requests.*`.
    record Expanded(Expansion expansion) implements BatchEvent {}

    /// A result of line `line` came; its output line has `bytes` bytes with the line feed. `first` is
    /// false if that line has ended before, or is none the batch runs. `ownDeadline` is true if the line has
    /// asked for a deadline before the batch's.
    record LineEnded(int line, boolean first, End end, Usage usage, int bytes, boolean ownDeadline)
            implements BatchEvent {
        /// The end of a line with the batch's deadline.
        public LineEnded(int line, boolean first, End end, Usage usage, int bytes) {
            this(line, first, end, usage, bytes, false);
        }
    }

    /// The next `lines` waiting lines of a file are stored as one more segment, `bytes` long.
    record SegmentWritten(OutputKind kind, long bytes, int lines) implements BatchEvent {}

    /// Its deadline has passed.
    record WindowPassed() implements BatchEvent {}
}
