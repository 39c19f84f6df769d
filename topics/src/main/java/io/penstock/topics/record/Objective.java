package io.penstock.topics.record;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.ObjectiveName;

/// A named service goal: an integer priority, 0 if it was not given. Higher is more urgent; below 0 is
/// sheddable.
public record Objective(ObjectiveName name, int priority) {
    /// The band its priority falls into.
    public Band band() {
        return Band.of(priority);
    }
}
