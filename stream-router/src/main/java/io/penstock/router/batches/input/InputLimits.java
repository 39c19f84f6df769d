package io.penstock.router.batches.input;

/// What an input file may hold: requests (lines that are not blank), bytes, bytes per line, texts to embed
/// over all lines, and whether its lines may name different models.
///
/// OpenAI allows 50,000 requests and 200 MB. Blank lines are free, but only so many: at most four
/// physical lines per request allowed, so that a file of line feeds cannot grow the sets of lines
/// without bound.
public record InputLimits(
        int maxRequests, long maxBytes, int maxLineBytes, int maxEmbeddingInputs, boolean mixedModels) {
    /// OpenAI's 50,000 requests, 200 MB and 50,000 texts to embed; lines up to 1 MiB, models mixed.
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
        if (maxEmbeddingInputs < 1) {
            throw new IllegalArgumentException(
                    "batches.embedding.inputs.max must be at least 1, but was " + maxEmbeddingInputs);
        }
    }

    /// The default but for these.
    public InputLimits(int maxRequests, long maxBytes, int maxLineBytes) {
        this(maxRequests, maxBytes, maxLineBytes, 50_000, true);
    }

    /// Physical lines a file may have, blank ones included.
    public int maxLines() {
        return 4 * maxRequests;
    }
}
