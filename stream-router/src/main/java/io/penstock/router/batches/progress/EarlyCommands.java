package io.penstock.router.batches.progress;

import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Directive;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What commands wanted of a batch that has not come yet; the newest came `at`.
public record EarlyCommands(boolean cancelled, Directive directive, Instant at) {
    /// `before` (null: none) and one more; null if there is nothing to remember.
    public static @Nullable EarlyCommands after(@Nullable EarlyCommands before, Control control) {
        boolean cancel = control.action() instanceof Control.Cancel || (before != null && before.cancelled());
        Directive directive =
                Directives.after(before == null ? Directive.NONE : before.directive(), control.action(), null);
        return cancel || !directive.equals(Directive.NONE) ? new EarlyCommands(cancel, directive, control.at()) : null;
    }

    /// The batch, now that it has come; a deadline before its own changes nothing.
    public Batch applied(Batch batch) {
        Instant deadline = directive.deadline();
        return batch.directed(
                deadline == null || deadline.isAfter(batch.deadline())
                        ? directive
                        : new Directive(directive.paused(), directive.objective(), null));
    }
}
