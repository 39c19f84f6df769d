package io.penstock.router.batches.input;

/// What an input file may hold: requests (lines that are not blank), and bytes per line.
///
/// OpenAI allows 50,000 requests. Blank lines are free, but only so many: at most four physical lines
/// per request allowed, so that a file of line feeds cannot grow the table of finished lines without
/// bound.
public record InputLimits(int maxRequests, int maxLineBytes) {
    /// OpenAI's 50,000 requests; lines up to 1 MiB.
    public static final InputLimits DEFAULT = new InputLimits(50_000, 1 << 20);

    public InputLimits {
        if (maxRequests < 1 || maxRequests > 1_000_000) {
            throw new IllegalArgumentException("requests per batch must be 1 to 1,000,000, but were " + maxRequests);
        }
        if (maxLineBytes < 1024 || maxLineBytes > 64 << 20) {
            throw new IllegalArgumentException("bytes per line must be 1,024 to 67,108,864, but were " + maxLineBytes);
        }
    }

    /// Physical lines a file may have, blank ones included.
    public int maxLines() {
        return 4 * maxRequests;
    }
}
