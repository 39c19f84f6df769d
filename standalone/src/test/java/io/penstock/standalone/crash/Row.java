package io.penstock.standalone.crash;

import java.time.Duration;
import java.util.OptionalLong;

/// What came of one case. Times are in milliseconds from the blow, empty where there is nothing to
/// measure; `load` is the machine's average over the last minute, neighbours included.
record Row(CrashCase crash, int lines, Findings findings, OptionalLong resumeMs, OptionalLong inFlightMs, double load) {
    /// The goal: work goes on within this after a SIGKILL, at default settings.
    static final Duration GOAL = Duration.ofSeconds(10);

    Row {
        if (resumeMs.orElse(0) < 0 || inFlightMs.orElse(0) < 0) {
            throw new IllegalArgumentException("nothing of " + crash.name() + " can be measured before the blow, but "
                    + resumeMs + " and " + inFlightMs + " were");
        }
    }

    boolean isWithinGoal() {
        return Math.max(resumeMs.orElse(0), inFlightMs.orElse(0)) <= GOAL.toMillis();
    }
}
