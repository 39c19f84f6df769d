package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// What a request is expected to take, in tokens: estimates until the engine's `usage` settles them.
/// `outputLimit` is what it may produce at most by its own words, null if it sets no limit.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Cost(
        int promptTokens, int outputTokens, @Nullable Integer outputLimit) {
    public Cost {
        if (promptTokens < 0 || outputTokens < 0 || (outputLimit != null && outputLimit < 0)) {
            throw new IllegalArgumentException("tokens must not be negative: prompt " + promptTokens + ", output "
                    + outputTokens + ", output limit " + outputLimit);
        }
    }

    /// Of a request that sets no limit.
    public Cost(int promptTokens, int outputTokens) {
        this(promptTokens, outputTokens, null);
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
