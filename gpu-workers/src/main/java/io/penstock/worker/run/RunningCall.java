package io.penstock.worker.run;

import io.penstock.pool.client.EngineCall;
import org.jspecify.annotations.Nullable;

/// The calls of one run, one after the other: cancelled once, every later one is cancelled too.
final class RunningCall implements RunInProgress {
    private @Nullable EngineCall call;
    private boolean cancelled;
    private volatile int generated;
    private volatile int kept;

    /// Makes `next` the call that is made now.
    EngineCall next(EngineCall next) {
        kept = 0;
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

    /// The engine has begun to go on from so many tokens.
    void kept(long tokens) {
        kept = (int) Math.min(Integer.MAX_VALUE, tokens);
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
