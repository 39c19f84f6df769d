package io.penstock.pool.kv;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Lowers the ceilings in four steps as others press, and raises them again, one step at a time.
///
/// It judges once in a window, by the highest pressure in it: down at once to the step that is due, up by
/// one, and that only when the pressure is half a step below where it came down. With more pressure at any
/// moment the ceilings are never higher. Not thread-safe.
final class CeilingSteps {
    private static final int STEPS = 4;
    private static final double RETURN = 0.5 / STEPS;

    private final Ceilings quiet;
    private final Ceilings lowest;
    private final Duration window;
    private @Nullable Instant windowStart;
    private double peak;
    private int step;

    /// Between `quiet` and `lowest`, changing once in `window` at most.
    CeilingSteps(Ceilings quiet, Ceilings lowest, Duration window) {
        this.quiet = quiet;
        this.lowest = lowest;
        this.window = window;
    }

    /// Takes note of the others' `pressure` at `now`, 0 for none, 1 and above for the most.
    void observe(double pressure, Instant now) {
        peak = Math.max(peak, pressure);
        if (windowStart == null) {
            windowStart = now;
        } else if (!now.isBefore(windowStart.plus(window))) {
            step = Math.max(due(peak), step > due(peak + RETURN) ? step - 1 : step);
            peak = 0;
            windowStart = now;
        }
    }

    private static int due(double pressure) {
        return (int) Math.clamp(Math.floor(pressure * STEPS), 0, STEPS);
    }

    /// The ceilings in force.
    Ceilings ceilings() {
        return step == 0 ? quiet : quiet.towards(lowest, (double) step / STEPS);
    }
}
