package io.penstock.router.batches.progress;

import java.util.List;

/// A decision: the state that follows, and what to do. A state without effects and unchanged means
/// "ignored".
public record Step(BatchState state, List<Effect> effects) {
    public Step {
        effects = List.copyOf(effects);
    }

    /// Nothing changes.
    static Step ignored(BatchState state) {
        return new Step(state, List.of());
    }
}
