package io.penstock.topics.id;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Shared validation of the identifiers in this package.
final class Ids {
    private Ids() {}

    /// Returns `value` if it has 1 to `maxChars` visible ASCII characters; `what` names it in the
    /// error.
    static String visibleAscii(String what, String value, int maxChars) {
        if (value.length() > maxChars) {
            throw new IllegalArgumentException(
                    what + " has " + value.length() + " characters, the limit is " + maxChars);
        }
        boolean visible = !value.isEmpty();
        for (int i = 0; i < value.length(); i++) {
            visible &= value.charAt(i) > ' ' && value.charAt(i) < 0x7f;
        }
        return valid(what, value, visible, "1 to " + maxChars + " visible ASCII characters");
    }

    /// True if `value` is `prefix` and 32 lower-case hexadecimal digits. Ids are read several times per
    /// record, so this is a loop and no pattern.
    static boolean isHex(String value, String prefix) {
        if (value.length() != prefix.length() + 32 || !value.startsWith(prefix)) {
            return false;
        }
        for (int i = prefix.length(); i < value.length(); i++) {
            char digit = value.charAt(i);
            if (!((digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f'))) {
                return false;
            }
        }
        return true;
    }

    /// Returns `value` if it is `valid`; `rule` says what that takes.
    static String valid(String what, String value, boolean valid, String rule) {
        if (!valid) {
            throw new IllegalArgumentException(what + " must be " + rule + ", but was '" + shortened(value) + "'");
        }
        return value;
    }

    /// 32 hexadecimal digits of the SHA-256 over `parts`, each ended by a zero byte.
    static String hash(String... parts) {
        return hashOf(String.join("\0", parts) + "\0");
    }

    /// 32 hexadecimal digits of the SHA-256 over `text`.
    static String hashOf(String text) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String shortened(String value) {
        return value.length() <= 64 ? value : value.substring(0, 64) + "…";
    }
}
