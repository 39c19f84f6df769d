package io.penstock.worker.run;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/// An engine's, or its proxy's, wish to be left alone: the `Retry-After` of an answer, in seconds or as an HTTP
/// date (RFC 9110, 10.2.3). A date is read against the answer's own `Date`, so that no two clocks are compared;
/// without one it says nothing.
final class RetryAfter {
    private RetryAfter() {}

    /// The wish in milliseconds, 0 for none and `max` at most.
    static long millis(@Nullable String retryAfter, @Nullable String date, Duration max) {
        if (retryAfter == null) {
            return 0;
        }
        String wish = retryAfter.strip();
        long millis = wish.matches("\\d{1,6}") ? Long.parseLong(wish) * 1000 : between(at(date), at(wish));
        return Math.clamp(millis, 0, max.toMillis());
    }

    private static long between(@Nullable Instant from, @Nullable Instant to) {
        return from == null || to == null ? 0 : Duration.between(from, to).toMillis();
    }

    private static @Nullable Instant at(@Nullable String date) {
        try {
            return date == null ? null : DateTimeFormatter.RFC_1123_DATE_TIME.parse(date.strip(), Instant::from);
        } catch (DateTimeParseException _) {
            return null;
        }
    }
}
