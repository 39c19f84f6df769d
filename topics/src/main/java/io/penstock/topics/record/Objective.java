package io.penstock.topics.record;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.ObjectiveName;

/// A named service goal: an integer priority, 0 if it was not given. Higher is more urgent; below 0 is
/// sheddable. With `resume`, work that was stopped half way goes on from the text it already has, where
/// that is sound, instead of beginning again.
public record Objective(ObjectiveName name, int priority, boolean resume) {
    /// An objective whose stopped work begins again.
    public Objective(ObjectiveName name, int priority) {
        this(name, priority, false);
    }

    /// The band its priority falls into.
    public Band band() {
        return Band.of(priority);
    }
}
