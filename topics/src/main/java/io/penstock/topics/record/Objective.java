package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ObjectiveName;
import org.jspecify.annotations.Nullable;

/// A named service goal: an integer priority, 0 if it was not given. Higher is more urgent; below 0 is
/// sheddable. With `resume`, work that was stopped half way goes on from the text it already has, where
/// that is sound, instead of beginning again. `namespace` is its document's, null if that names none.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Objective(
        ObjectiveName name,
        int priority,
        boolean resume,
        @Nullable String namespace) {
    /// An objective of no namespace.
    public Objective(ObjectiveName name, int priority, boolean resume) {
        this(name, priority, resume, null);
    }

    /// An objective whose stopped work begins again.
    public Objective(ObjectiveName name, int priority) {
        this(name, priority, false);
    }

    /// The band of `name`, whose definition is `defined`, null if there is none: priority 0 then, but below
    /// it for `batch`, because background work gives way unless someone says otherwise.
    public static Band bandOf(ObjectiveName name, @Nullable Objective defined) {
        if (defined != null) {
            return defined.band();
        }
        return name.equals(ObjectiveName.BATCH) ? Band.LOW : Band.NORMAL;
    }

    /// The band its priority falls into.
    public Band band() {
        return Band.of(priority);
    }
}
