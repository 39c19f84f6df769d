package io.penstock.router.batches.input;

/// What an input file may hold: requests (lines that are not blank), bytes, and bytes per line.
///
/// OpenAI allows 50,000 requests and 200 MB. Blank lines are free, but only so many: at most four
/// physical lines per request allowed, so that a file of line feeds cannot grow the sets of lines
/// without bound.
public record InputLimits(int maxRequests, long maxBytes, int maxLineBytes) {
    /// OpenAI's 50,000 requests and 200 MB; lines up to 1 MiB.
    public static final InputLimits DEFAULT = new InputLimits(50_000, 200L << 20, 1 << 20);

    public InputLimits {
        if (maxRequests < 1 || maxRequests > 1_000_000) {
            throw new IllegalArgumentException(
                    "batches.lines.max must be 1 to 1,000,000 requests, but was " + maxRequests);
        }
        if (maxBytes < 1 || maxBytes > 1L << 40) {
            throw new IllegalArgumentException("batches.bytes.max must be 1 byte to 1 TiB, but was " + maxBytes);
        }
        if (maxLineBytes < 1024 || maxLineBytes > 64 << 20) {
            throw new IllegalArgumentException(
                    "batches.line.max.bytes must be 1,024 to 67,108,864, but was " + maxLineBytes);
        }
    }

    /// Physical lines a file may have, blank ones included.
    public int maxLines() {
        return 4 * maxRequests;
    }
}
