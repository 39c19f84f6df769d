package io.penstock.worker.run;

import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;

/// The text of a stream as it grows, and how far it may be taken for the beginning of another run.
///
/// That is to the end of a piece whose tokens the engine has counted and which does not end in white
/// space (templates trim it, and tokenizers join it to the word that follows) or within a character.
final class SafeText {
    private static final char REPLACEMENT = '\ufffd';

    private final int safeBytesMax;
    private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
    private final StringBuilder text = new StringBuilder();
    private int bytes;
    private int safeChars;
    private long safeTokens;

    SafeText(int safeBytesMax) {
        this.safeBytesMax = safeBytesMax;
    }

    /// Adds a piece, with which the stream has `tokens` tokens; 0 if the engine does not tell.
    void add(String piece, long tokens) {
        if (piece.isEmpty()) {
            return;
        }
        byte[] utf8 = piece.getBytes(StandardCharsets.UTF_8);
        // Half of a surrogate pair could not be written down anywhere.
        text.append(encoder.canEncode(piece) ? piece : new String(utf8, StandardCharsets.UTF_8));
        bytes += utf8.length;
        char last = text.charAt(text.length() - 1);
        if (tokens > 0 && bytes <= safeBytesMax && !Character.isWhitespace(last) && last != REPLACEMENT) {
            safeChars = text.length();
            safeTokens = tokens;
        }
    }

    int length() {
        return text.length();
    }

    String all() {
        return text.toString();
    }

    String safe() {
        return text.substring(0, safeChars);
    }

    /// Tokens of `safe`; 0 if there is nothing safe.
    long safeTokens() {
        return safeTokens;
    }
}
