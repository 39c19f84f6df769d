package io.penstock.topics.id;

import java.util.regex.Pattern;

/// Shared validation of the identifiers in this package.
final class Ids {
    private static final Pattern VISIBLE_ASCII = Pattern.compile("[\\x21-\\x7e]+");

    private Ids() {}

    /// Returns `value` if it has 1 to `maxChars` visible ASCII characters; `what` names it in the
    /// error.
    static String visibleAscii(String what, String value, int maxChars) {
        if (value.length() > maxChars) {
            throw new IllegalArgumentException(
                    what + " has " + value.length() + " characters, the limit is " + maxChars);
        }
        return matching(what, value, VISIBLE_ASCII, "1 to " + maxChars + " visible ASCII characters");
    }

    /// Returns `value` if it matches `pattern`; `rule` says the pattern in words.
    static String matching(String what, String value, Pattern pattern, String rule) {
        if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException(what + " must be " + rule + ", but was '" + shortened(value) + "'");
        }
        return value;
    }

    private static String shortened(String value) {
        return value.length() <= 64 ? value : value.substring(0, 64) + "…";
    }
}
