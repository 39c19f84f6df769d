package io.penstock.topics.record;

/// Tokens an engine billed for a request, from its `usage` object. `cachedTokens` is the part of
/// `inputTokens` that came from the prefix cache.
public record Usage(long inputTokens, long cachedTokens, long outputTokens, long reasoningTokens) {
    /// No tokens at all.
    public static final Usage NONE = new Usage(0, 0, 0, 0);

    /// The sum of both.
    public Usage plus(Usage other) {
        return new Usage(
                inputTokens + other.inputTokens,
                cachedTokens + other.cachedTokens,
                outputTokens + other.outputTokens,
                reasoningTokens + other.reasoningTokens);
    }
}
