package io.penstock.router.batches.progress;

import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Usage;

/// All the application knows of an unfinished batch but for its lines one by one: what everyone sees of
/// it (`batch`), what its input holds, how far that is expanded, how many of its requests have ended, and
/// its files. `someExpired` is true once a line ended by the deadline.
public record BatchState(
        Batch batch,
        Contents contents,
        Expansion expansion,
        int ended,
        Output output,
        Output errors,
        boolean someExpired) {

    /// A batch just submitted.
    public static BatchState submitted(Batch batch) {
        return of(new Head(batch, Contents.NONE), Progress.NONE);
    }

    /// The state that was stored as these two.
    public static BatchState of(Head head, Progress progress) {
        Usage usage = progress.usage();
        return new BatchState(
                usage == null ? head.batch() : head.batch().counting(progress.counts(), usage),
                head.contents(),
                progress.expansion(),
                progress.ended(),
                progress.output(),
                progress.errors(),
                progress.someExpired());
    }

    /// What of it changes seldom.
    public Head head() {
        return new Head(batch, contents);
    }

    /// What of it changes with every result.
    public Progress progress() {
        return new Progress(batch.counts(), batch.usage(), expansion, ended, output, errors, someExpired);
    }

    /// True if `other` differs from this at most in its progress, and in its estimate, which is made anew
    /// after a restart.
    public boolean hasHeadOf(BatchState other) {
        return contents.equals(other.contents) && bare(batch).equals(bare(other.batch));
    }

    private static Batch bare(Batch batch) {
        return batch.counting(Counts.NONE, Usage.NONE).estimated(null);
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
        return expansion.complete() && ended >= contents.requests();
    }

    /// True if lines wait to be written to either file.
    boolean anyPending() {
        return output.pending() + errors.pending() > 0;
    }

    BatchState with(Batch newBatch) {
        return new BatchState(newBatch, contents, expansion, ended, output, errors, someExpired);
    }

    BatchState with(Expansion newExpansion) {
        return new BatchState(batch, contents, newExpansion, ended, output, errors, someExpired);
    }

    BatchState with(OutputKind kind, Output file) {
        return switch (kind) {
            case OUTPUT -> new BatchState(batch, contents, expansion, ended, file, errors, someExpired);
            case ERROR -> new BatchState(batch, contents, expansion, ended, output, file, someExpired);
        };
    }

    /// With what validation found.
    BatchState with(Batch validated, Contents found) {
        return new BatchState(validated, found, expansion, ended, output, errors, someExpired);
    }

    /// With one more line that ended so.
    BatchState ending(End end, Usage usage) {
        return ending(1, batch.counts().plus(end), usage, end == End.EXPIRED);
    }

    /// With `lines` more that were never run and count as expired.
    BatchState losing(int lines) {
        Counts counts = batch.counts();
        Counts counted = new Counts(
                counts.total(), counts.completed(), counts.failed(), counts.expired() + lines, counts.cancelled());
        return ending(lines, counted, Usage.NONE, true);
    }

    private BatchState ending(int lines, Counts counts, Usage usage, boolean expired) {
        Usage before = batch.usage();
        return new BatchState(
                batch.counting(counts, before == null ? usage : before.plus(usage)),
                contents,
                expansion,
                ended + lines,
                output,
                errors,
                someExpired || expired);
    }
}
