package io.penstock.ingest.webhooks.policy;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// The header `Retry-After`, in seconds or as a date.
public final class RetryAfter {
    private RetryAfter() {}

    /// How long to wait from `now`; null if `header` is absent, unreadable or in the past.
    public static @Nullable Duration of(@Nullable String header, Instant now) {
        if (header == null) {
            return null;
        }
        String text = header.strip();
        if (text.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        try {
            Instant until = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
            return until.isAfter(now) ? Duration.between(now, until) : null;
        } catch (DateTimeException _) {
            return null;
        }
    }
}
