package io.penstock.topics.record;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A length of time as clients write it: a number and `s`, `m`, `h` or `d`, from 1 s to 30 d.
public final class Window {
    /// The longest window.
    public static final Duration MAX = Duration.ofDays(30);

    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,6})([smhd])");

    private Window() {}

    /// The length that `text` says.
    ///
    /// @throws IllegalArgumentException if it says none
    public static Duration parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("It must be a number and s, m, h or d.");
        }
        long count = Long.parseLong(form.group(1));
        Duration length = switch (form.group(2).charAt(0)) {
            case 's' -> Duration.ofSeconds(count);
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
        if (length.compareTo(MAX) > 0) {
            throw new IllegalArgumentException("It must be at most 30d.");
        }
        return length;
    }
}
