package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.id.ObjectiveName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What commands have changed about a batch since it was submitted: whether it is `paused`, and the
/// objective and the deadline that replace the submitted ones (null: they do not).
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Directive(
        boolean paused,
        @Nullable ObjectiveName objective,
        @Nullable Instant deadline) {
    /// Nothing was changed.
    public static final Directive NONE = new Directive(false, null, null);
}
