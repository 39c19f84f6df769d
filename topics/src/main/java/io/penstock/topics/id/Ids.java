package io.penstock.topics.id;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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

    /// 32 hexadecimal digits of the SHA-256 over `parts`, each ended by a zero byte.
    static String hash(String... parts) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                sha256.update(part.getBytes(StandardCharsets.UTF_8));
                sha256.update((byte) 0);
            }
            return HexFormat.of().formatHex(sha256.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String shortened(String value) {
        return value.length() <= 64 ? value : value.substring(0, 64) + "…";
    }
}
