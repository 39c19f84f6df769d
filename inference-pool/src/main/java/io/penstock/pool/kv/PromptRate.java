package io.penstock.pool.kv;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How fast an engine computes prompts of ours, learned from its accounts over a second or more: what it was
/// seen to do on the average, but not less for doing less while no more was to be had. Not thread-safe.
final class PromptRate {
    private static final Duration WINDOW = Duration.ofSeconds(1);
    /// Weight of a window once the speed is found; until then one that was faster stands for itself. One in
    /// which it did less must not weigh more than one in which it did more: an engine that is sent less for a
    /// speed learned too low does less, and would not come up again.
    private static final double WEIGHT = 0.25;
    /// An engine whose speed is still being found does more than that in each window.
    private static final double MORE = 1.1;

    private double tokensPerSecond;
    private @Nullable Instant windowStart;
    private long computedBefore;
    private boolean pressed;
    private boolean found;

    /// True once it did hardly more than before although more was to be had.
    boolean isFound() {
        return found;
    }

    /// 0 until a window has passed.
    double tokensPerSecond() {
        return tokensPerSecond;
    }

    /// A prompt was held back that the engine might have taken.
    void heldBack() {
        pressed = true;
    }

    /// By an account of `at`, `computed` tokens of prompt were computed since the beginning.
    void observe(long computed, Instant at) {
        if (windowStart == null) {
            windowStart = at;
            computedBefore = computed;
        } else if (!at.isBefore(windowStart.plus(WINDOW))) {
            double seconds = Duration.between(windowStart, at).toNanos() / 1e9;
            double sample = Math.max(0, computed - computedBefore) / seconds;
            found |= pressed && tokensPerSecond > 0 && sample <= MORE * tokensPerSecond;
            if (sample > tokensPerSecond || pressed) {
                tokensPerSecond += (found ? WEIGHT : 1) * (sample - tokensPerSecond);
            }
            windowStart = at;
            computedBefore = computed;
            pressed = false;
        }
    }
}
