package io.penstock.worker.run;

import io.penstock.pool.client.EngineCall;
import org.jspecify.annotations.Nullable;

/// The calls of one run, one after the other: cancelled once, every later one is cancelled too.
final class RunningCall implements RunInProgress {
    private @Nullable EngineCall call;
    private boolean cancelled;
    private volatile int generated;
    private volatile int kept;

    /// Makes `next` the call that is made now, of a run that takes over `keptTokens`.
    EngineCall next(EngineCall next, int keptTokens) {
        kept = keptTokens;
        generated = 0;
        synchronized (this) {
            call = next;
            if (!cancelled) {
                return next;
            }
        }
        next.cancel();
        return next;
    }

    void generated(int tokens) {
        generated = tokens;
    }

    @Override
    public void cancel() {
        EngineCall present;
        synchronized (this) {
            cancelled = true;
            present = call;
        }
        if (present != null) {
            present.cancel();
        }
    }

    @Override
    public int generatedTokens() {
        return generated;
    }

    @Override
    public int keptTokens() {
        return kept;
    }
}
