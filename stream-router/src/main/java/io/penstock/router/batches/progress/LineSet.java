package io.penstock.router.batches.progress;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/// A set of the lines of one file, one bit each: 6.25 KB for 50,000 lines. Immutable; written as
/// base64.
public final class LineSet {
    private final byte[] bits;

    private LineSet(byte[] bits) {
        this.bits = bits;
    }

    /// No line, of a file that has `lines` of them.
    public static LineSet noneOf(int lines) {
        return new LineSet(new byte[(lines + 7) / 8]);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static LineSet of(byte[] bits) {
        return new LineSet(bits.clone());
    }

    @JsonValue
    byte[] bits() {
        return bits.clone();
    }

    /// True if `line` (from 1) may be in this set, by the file's length rounded up to a multiple of 8.
    public boolean covers(int line) {
        return line >= 1 && line <= 8 * bits.length;
    }

    /// True if `line` (from 1) is in it.
    public boolean contains(int line) {
        return covers(line) && (bits[(line - 1) / 8] & bitOf(line)) != 0;
    }

    /// The set with `line`, which it must cover.
    public LineSet with(int line) {
        byte[] grown = bits.clone();
        grown[(line - 1) / 8] |= (byte) bitOf(line);
        return new LineSet(grown);
    }

    /// How many lines are in it.
    public int size() {
        int size = 0;
        for (byte b : bits) {
            size += Integer.bitCount(b & 0xff);
        }
        return size;
    }

    private static int bitOf(int line) {
        return 1 << ((line - 1) % 8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LineSet set && Arrays.equals(bits, set.bits);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bits);
    }
}
