package io.penstock.ingest.view;

import io.penstock.topics.id.RewriteName;
import io.penstock.topics.record.ModelRewrite;
import io.penstock.topics.rewrite.Rewrites;

/// The rewrites as last known, sorted out anew after a change only. Thread-safe.
final class RewritesView {
    private final CompactedView<RewriteName, ModelRewrite> view;
    private volatile Sorted sorted = new Sorted(-1, Rewrites.NONE);

    /// `changes` is the view's count before it was read, so that a change in between is read again.
    private record Sorted(long changes, Rewrites rewrites) {}

    RewritesView(CompactedView<RewriteName, ModelRewrite> view) {
        this.view = view;
    }

    Rewrites now() {
        long changes = view.changes();
        Sorted known = sorted;
        if (known.changes() != changes) {
            known = new Sorted(changes, Rewrites.of(view.values()));
            sorted = known;
        }
        return known.rewrites();
    }
}
