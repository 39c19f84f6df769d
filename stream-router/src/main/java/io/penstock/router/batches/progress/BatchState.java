package io.penstock.router.batches.progress;

import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Usage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// All the application knows of an unfinished batch but for its lines one by one: what everyone sees of
/// it (`batch`), what its input holds, what it retries (null if nothing), how far it is expanded, how many
/// of its requests have ended, and its files. `someExpired` is true once a line ended by the batch's deadline.
public record BatchState(
        Batch batch,
        Contents contents,
        @Nullable Retry retry,
        Expansion expansion,
        int ended,
        Output output,
        Output errors,
        boolean someExpired) {

    /// A batch just submitted.
    public static BatchState submitted(Batch batch) {
        return of(new Head(batch, Contents.NONE, null), Progress.NONE);
    }

    /// The state that was stored as these two.
    public static BatchState of(Head head, Progress progress) {
        Batch batch = head.batch();
        Usage usage = progress.usage();
        return new BatchState(
                usage == null ? batch : batch.counting(progress.counts(), usage),
                head.contents(),
                head.retry(),
                progress.expansion(),
                progress.ended(),
                progress.output(),
                progress.errors(),
                progress.someExpired());
    }

    /// What of it changes seldom.
    public Head head() {
        return new Head(batch, contents, retry);
    }

    /// What of it changes with every result.
    public Progress progress() {
        return new Progress(batch.counts(), batch.usage(), expansion, ended, output, errors, someExpired);
    }

    /// True if `other` differs from this at most in its progress, and in its estimate, which is made anew
    /// after a restart.
    public boolean hasHeadOf(BatchState other) {
        return contents.equals(other.contents)
                && Objects.equals(retry, other.retry)
                && bare(batch).equals(bare(other.batch));
    }

    private static Batch bare(Batch batch) {
        return batch.counting(Counts.NONE, Usage.NONE).estimated(null);
    }

    /// The file of `kind`: of a retry, what its own run wrote of it.
    public Output fileOf(OutputKind kind) {
        return switch (kind) {
            case OUTPUT -> output;
            case ERROR -> errors;
        };
    }

    /// True if no more lines will come: every one has ended, for a retry those of its parent too.
    public boolean allEnded() {
        return expansion.complete() && ended >= contents.requests() && (retry == null || retry.parentEnded());
    }

    /// True if nothing is left to do but to put the files of a retry together.
    public boolean isMerging() {
        return retry != null && !retry.merge().complete() && allEnded() && !anyPending();
    }

    /// True if lines wait to be written to either file.
    boolean anyPending() {
        return output.pending() + errors.pending() > 0;
    }

    /// True if the published file of `kind` has a line.
    boolean hasFile(OutputKind kind) {
        return retry == null ? !fileOf(kind).isEmpty() : retry.merge().segments(kind) > 0;
    }

    BatchState with(Batch newBatch) {
        return new BatchState(newBatch, contents, retry, expansion, ended, output, errors, someExpired);
    }

    BatchState with(Expansion newExpansion) {
        return new BatchState(batch, contents, retry, newExpansion, ended, output, errors, someExpired);
    }

    BatchState with(OutputKind kind, Output file) {
        return switch (kind) {
            case OUTPUT -> new BatchState(batch, contents, retry, expansion, ended, file, errors, someExpired);
            case ERROR -> new BatchState(batch, contents, retry, expansion, ended, output, file, someExpired);
        };
    }

    /// With what validation found.
    BatchState with(Batch validated, Contents found) {
        return new BatchState(validated, found, retry, expansion, ended, output, errors, someExpired);
    }

    BatchState with(@Nullable Retry newRetry) {
        return new BatchState(batch, contents, newRetry, expansion, ended, output, errors, someExpired);
    }

    /// With one more line that ended so; `byWindow` is false for one that had a deadline of its own.
    BatchState ending(End end, Usage usage, boolean byWindow) {
        return ending(1, batch.counts().plus(end), usage, end == End.EXPIRED && byWindow);
    }

    /// With other counts, and no line of its own more.
    BatchState counting(Counts counts) {
        return ending(0, counts, Usage.NONE, false);
    }

    private BatchState ending(int lines, Counts counts, Usage usage, boolean expired) {
        Usage before = batch.usage();
        return new BatchState(
                batch.counting(counts, before == null ? usage : before.plus(usage)),
                contents,
                retry,
                expansion,
                ended + lines,
                output,
                errors,
                someExpired || expired);
    }
}
