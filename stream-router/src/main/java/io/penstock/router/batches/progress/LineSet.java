package io.penstock.router.batches.progress;

import java.util.Arrays;
import java.util.BitSet;

/// A set of up to 4,096 consecutive lines of a file, one bit each: 512 bytes. A batch's lines are kept
/// in chunks of this size, so that one more line writes 512 bytes, however long the file is. Immutable.
public final class LineSet {
    /// Lines per chunk.
    public static final int LINES = 4_096;

    /// The empty set.
    public static final LineSet NONE = new LineSet(new byte[LINES / 8]);

    private final byte[] bits;

    private LineSet(byte[] bits) {
        this.bits = bits;
    }

    /// The set that `bytes` wrote as `bits`.
    public static LineSet of(byte[] bits) {
        if (bits.length != LINES / 8) {
            throw new IllegalArgumentException("a line set has " + LINES / 8 + " bytes, but got " + bits.length);
        }
        return new LineSet(bits.clone());
    }

    /// The lines of `chunk` that are in `lines`, where bit 0 stands for line 1 of the file.
    public static LineSet of(BitSet lines, int chunk) {
        byte[] bits = lines.get(chunk * LINES, (chunk + 1) * LINES).toByteArray();
        return new LineSet(Arrays.copyOf(bits, LINES / 8));
    }

    /// The set as 512 bytes.
    public byte[] bytes() {
        return bits.clone();
    }

    /// Which chunk, from 0, holds `line` of a file, from 1.
    public static int chunkOf(int line) {
        return (line - 1) / LINES;
    }

    /// How many chunks hold `lines` lines.
    public static int chunksOf(int lines) {
        return (lines + LINES - 1) / LINES;
    }

    /// True if `line` of the file, which must lie in this chunk, is in it.
    public boolean contains(int line) {
        return (bits[byteOf(line)] & bitOf(line)) != 0;
    }

    /// The set with `line` of the file, which must lie in this chunk.
    public LineSet with(int line) {
        byte[] more = bits.clone();
        more[byteOf(line)] |= (byte) bitOf(line);
        return new LineSet(more);
    }

    /// The lines of both; of the same chunk, as in all that follow.
    public LineSet or(LineSet other) {
        byte[] both = bits.clone();
        for (int i = 0; i < both.length; i++) {
            both[i] |= other.bits[i];
        }
        return new LineSet(both);
    }

    /// The lines that are in this one and not in `other`.
    public LineSet minus(LineSet other) {
        byte[] left = bits.clone();
        for (int i = 0; i < left.length; i++) {
            left[i] &= (byte) ~other.bits[i];
        }
        return new LineSet(left);
    }

    /// The lines that are in both.
    public LineSet and(LineSet other) {
        byte[] common = bits.clone();
        for (int i = 0; i < common.length; i++) {
            common[i] &= other.bits[i];
        }
        return new LineSet(common);
    }

    public boolean isEmpty() {
        return size() == 0;
    }

    /// How many lines are in it.
    public int size() {
        int size = 0;
        for (byte b : bits) {
            size += Integer.bitCount(b & 0xff);
        }
        return size;
    }

    private static int byteOf(int line) {
        return ((line - 1) % LINES) / 8;
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
