package io.penstock.topics.record;

/// What a request is expected to take, in tokens: estimates until the engine's `usage` settles them.
public record Cost(int promptTokens, int outputTokens) {
    public Cost {
        if (promptTokens < 0 || outputTokens < 0) {
            throw new IllegalArgumentException(
                    "tokens must not be negative: prompt " + promptTokens + ", output " + outputTokens);
        }
    }

    /// KV cache tokens the request will hold when it is done: prompt and output.
    public long kvTokens() {
        return (long) promptTokens + outputTokens;
    }

    /// The share of service it takes for fairness: an output token costs two prompt tokens.
    public long fairShare() {
        return promptTokens + 2L * outputTokens;
    }
}
