package io.penstock.router.batches.progress;

import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.Usage;

/// All the application knows of an unfinished batch: what everyone sees of it (`batch`), how far it is
/// expanded, which lines have ended, and its files. `someExpired` is true once a line ended by the
/// deadline.
public record BatchState(
        Batch batch, Expansion expansion, LineSet ended, Output output, Output errors, boolean someExpired) {

    /// A batch just submitted.
    public static BatchState submitted(Batch batch) {
        return new BatchState(batch, Expansion.NONE, LineSet.noneOf(0), Output.EMPTY, Output.EMPTY, false);
    }

    /// The file of `kind`.
    public Output fileOf(OutputKind kind) {
        return switch (kind) {
            case OUTPUT -> output;
            case ERROR -> errors;
        };
    }

    /// True if every line has ended: no more will come for either file.
    public boolean allEnded() {
        return expansion.complete() && batch.counts().unfinished() == 0;
    }

    /// True if lines wait to be written to either file.
    boolean anyPending() {
        return output.pending() + errors.pending() > 0;
    }

    BatchState with(Batch newBatch) {
        return new BatchState(newBatch, expansion, ended, output, errors, someExpired);
    }

    BatchState with(Expansion newExpansion) {
        return new BatchState(batch, newExpansion, ended, output, errors, someExpired);
    }

    BatchState with(OutputKind kind, Output file) {
        return switch (kind) {
            case OUTPUT -> new BatchState(batch, expansion, ended, file, errors, someExpired);
            case ERROR -> new BatchState(batch, expansion, ended, output, file, someExpired);
        };
    }

    BatchState ending(LineSet newEnded, Counts counts, Usage usage, boolean expired) {
        return new BatchState(
                batch.counting(counts, usage), expansion, newEnded, output, errors, someExpired || expired);
    }
}
