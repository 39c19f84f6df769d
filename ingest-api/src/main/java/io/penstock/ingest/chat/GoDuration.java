package io.penstock.ingest.chat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as Go writes them: `300ms`, `1.5s`, `1h15m`.
final class GoDuration {
    private static final int CHARS_MAX = 64;
    private static final String PART = "(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)";
    private static final Pattern ONE = Pattern.compile(PART);
    private static final Pattern ALL = Pattern.compile("\\+?(?:" + PART + ")+");
    private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

    private GoDuration() {}

    /// The duration that `text` is, to the nanosecond; more than 292 years are 292 years.
    ///
    /// @throws IllegalArgumentException if it is none, or not above 0
    static Duration parse(String text) {
        if (text.length() > CHARS_MAX || !ALL.matcher(text).matches()) {
            throw new IllegalArgumentException("must be a duration such as 300ms, 1.5s or 1m30s");
        }
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher part = ONE.matcher(text);
        while (part.find()) {
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(nanosOf(part.group(2)))));
        }
        Duration duration = Duration.ofNanos(nanos.min(MAX).longValue());
        if (!duration.isPositive()) {
            throw new IllegalArgumentException("must be above 0");
        }
        return duration;
    }

    private static long nanosOf(String unit) {
        return switch (unit) {
            case "ns" -> 1L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 1_000L;
        };
    }
}
