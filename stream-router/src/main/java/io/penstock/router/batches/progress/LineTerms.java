package io.penstock.router.batches.progress;

import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.line.LineOptions;
import io.penstock.topics.record.Batch;
import java.time.Instant;

/// Under which objective, and until when, a line is to run.
public record LineTerms(ObjectiveName objective, Instant deadline) {
    /// What holds for a line of `batch` that asks for `options`: a command on the batch outdoes the line, and
    /// the line what the batch was submitted with.
    public static LineTerms of(Batch batch, LineOptions options) {
        ObjectiveName own = options.objective();
        boolean prioritised = batch.directive().objective() != null;
        return new LineTerms(own == null || prioritised ? batch.objective() : own, deadline(batch, options));
    }

    private static Instant deadline(Batch batch, LineOptions options) {
        Instant own = options.deadline() == null || batch.directive().deadline() != null
                ? null
                : batch.submission().createdAt().plus(options.deadline());
        return own == null || own.isAfter(batch.deadline()) ? batch.deadline() : own;
    }
}
