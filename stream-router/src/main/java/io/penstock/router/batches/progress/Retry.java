package io.penstock.router.batches.progress;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.Batch.Counts;

/// What makes a batch a retry: the batch whose failed lines it runs again.
///
/// `accounted` is how much of the parent's counts the retry's own already contain: the lines completed
/// when it was planned, which it takes over, and the failed ones it runs again. Whatever the parent has
/// beyond that when it ends keeps its end, and is added then (`parentEnded`).
public record Retry(BatchId parent, Counts accounted, boolean parentEnded, Merge merge) {
    /// A retry just planned.
    public static Retry of(BatchId parent, Counts accounted) {
        return new Retry(parent, accounted, false, Merge.NONE);
    }

    /// The retry's `counts`, with what the parent's final ones have beyond those accounted for.
    Counts inheriting(Counts counts, Counts ofParent) {
        return new Counts(
                counts.total(),
                counts.completed() + ofParent.completed() - accounted.completed(),
                counts.failed() + ofParent.failed() - accounted.failed(),
                counts.expired() + ofParent.expired() - accounted.expired(),
                counts.cancelled() + ofParent.cancelled() - accounted.cancelled());
    }

    Retry withParentEnded() {
        return new Retry(parent, accounted, true, merge);
    }

    Retry with(Merge newMerge) {
        return new Retry(parent, accounted, parentEnded, newMerge);
    }
}
