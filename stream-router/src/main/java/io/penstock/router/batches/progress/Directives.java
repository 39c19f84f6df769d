package io.penstock.router.batches.progress;

import io.penstock.topics.record.Control;
import io.penstock.topics.record.Directive;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What commands make of what was directed before. A repeated command changes nothing.
final class Directives {
    private Directives() {}

    /// `before`, changed by `action`; a deadline only moves forward, from `deadline` if none was directed.
    static Directive after(Directive before, Control.Action action, @Nullable Instant deadline) {
        return switch (action) {
            case Control.Pause() -> new Directive(true, before.objective(), before.deadline());
            case Control.Resume() -> new Directive(false, before.objective(), before.deadline());
            case Control.Prioritise prioritise ->
                new Directive(before.paused(), prioritise.objective(), before.deadline());
            case Control.Extend(Instant later) -> {
                Instant present = before.deadline() == null ? deadline : before.deadline();
                yield present == null || later.isAfter(present)
                        ? new Directive(before.paused(), before.objective(), later)
                        : before;
            }
            case Control.Cancel cancel -> before;
            case Control.Retry retry -> before;
            case Control.Redrive redrive -> before;
            case Control.Explain explain -> before;
        };
    }
}
