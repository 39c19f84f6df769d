package io.penstock.topics.line;

import java.util.Arrays;

/// A stretch of a byte array: `length` bytes from `offset`.
public record Slice(int offset, int length) {
    public Slice {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("slice must not be negative: " + length + " bytes at " + offset);
        }
    }

    /// The bytes it stands for, copied.
    public byte[] of(byte[] bytes) {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }
}
