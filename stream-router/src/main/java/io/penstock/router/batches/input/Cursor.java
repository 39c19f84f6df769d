package io.penstock.router.batches.input;

/// How far an input file has been read: `line` lines are behind it, and the next starts at byte
/// `offset` of the file's `segment`-th segment (from 0).
public record Cursor(int segment, long offset, int line) {
    /// Before the first line.
    public static final Cursor START = new Cursor(0, 0, 0);

    public Cursor {
        if (segment < 0 || offset < 0 || line < 0) {
            throw new IllegalArgumentException(
                    "cursor must not be negative: segment " + segment + ", offset " + offset + ", line " + line);
        }
    }

    /// The place behind one more line, `bytes` long with its line feed.
    Cursor pastLineOf(long bytes) {
        return new Cursor(segment, offset + bytes, line + 1);
    }

    /// The start of the next segment.
    Cursor nextSegment() {
        return new Cursor(segment + 1, 0, line);
    }
}
