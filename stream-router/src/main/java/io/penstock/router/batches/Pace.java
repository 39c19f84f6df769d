package io.penstock.router.batches;

import java.time.Duration;

/// How much of each kind of work is done at a time, so that no batch keeps a task from the others.
///
/// Per task and `slice`: up to `validateLines` lines judged and `expandLines` put on `requests.*`, and
/// fewer if they are long (`validateBytes`, `expandBytes`; the latter are held in memory). Batches are
/// announced and segments written every `announce`; up to `parallelValidations` inputs are validated
/// side by side, each holding about 3 MiB.
public record Pace(
        Duration slice,
        int validateLines,
        int validateBytes,
        int expandLines,
        int expandBytes,
        Duration announce,
        int parallelValidations) {
    /// 2,000 lines judged or 500 expanded in 25 ms (80,000 and 20,000 lines/s), of at most 16 and 8 MiB
    /// (640 and 320 MiB/s); progress told four times a second.
    public static final Pace DEFAULT = ofLines(2_000, 500, 8);

    public Pace {
        if (slice.toMillis() < 1 || announce.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "slice and announce must be at least 1 ms, but were " + slice + " and " + announce);
        }
        if (validateLines < 1 || expandLines < 1 || parallelValidations < 1) {
            throw new IllegalArgumentException("lines and validations at a time must be at least 1, but were "
                    + validateLines + ", " + expandLines + " and " + parallelValidations);
        }
        if (validateBytes < 1 || expandBytes < 1) {
            throw new IllegalArgumentException(
                    "bytes at a time must be at least 1, but were " + validateBytes + " and " + expandBytes);
        }
    }

    /// The default but for these.
    public static Pace ofLines(int validateLines, int expandLines, int parallelValidations) {
        return new Pace(
                Duration.ofMillis(25),
                validateLines,
                16 << 20,
                expandLines,
                8 << 20,
                Duration.ofMillis(250),
                parallelValidations);
    }
}
