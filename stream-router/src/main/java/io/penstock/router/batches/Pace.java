package io.penstock.router.batches;

import java.time.Duration;

/// How much of each kind of work is done at a time, so that no batch keeps a task from the others.
///
/// Per task and `slice`: up to `validateLines` lines judged and `expandLines` put on `requests.*`.
/// Batches are announced and segments written every `announce`; up to `parallelValidations` inputs are
/// validated side by side, each holding about 3 MiB.
public record Pace(Duration slice, int validateLines, int expandLines, Duration announce, int parallelValidations) {
    /// 2,000 lines judged or 500 expanded in 25 ms (80,000 and 20,000 lines/s); progress told four
    /// times a second.
    public static final Pace DEFAULT = new Pace(Duration.ofMillis(25), 2_000, 500, Duration.ofMillis(250), 8);

    public Pace {
        if (slice.toMillis() < 1 || announce.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "slice and announce must be at least 1 ms, but were " + slice + " and " + announce);
        }
        if (validateLines < 1 || expandLines < 1 || parallelValidations < 1) {
            throw new IllegalArgumentException("lines and validations at a time must be at least 1, but were "
                    + validateLines + ", " + expandLines + " and " + parallelValidations);
        }
    }
}
