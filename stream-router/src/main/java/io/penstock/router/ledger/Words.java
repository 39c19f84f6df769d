package io.penstock.router.ledger;

import java.time.Duration;

/// Numbers as sentences have them.
final class Words {
    private Words() {}

    /// `1 line`, `2 lines`.
    static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    /// `40 s`, `12 min`, `3 h 5 min`.
    static String seconds(long ms) {
        Duration duration = Duration.ofMillis(ms);
        if (duration.toMinutes() < 2) {
            return (ms + 999) / 1000 + " s";
        }
        if (duration.toHours() < 2) {
            return duration.toMinutes() + " min";
        }
        return duration.toHours() + " h " + duration.toMinutesPart() + " min";
    }
}
