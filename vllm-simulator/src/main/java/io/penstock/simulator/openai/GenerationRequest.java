package io.penstock.simulator.openai;

import io.penstock.simulator.engine.Beginning;
import io.penstock.simulator.engine.Prompt;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a chat or completion request asks for, checked against the model's limits.
///
/// @param kind chat or completion
/// @param model the served name it used
/// @param prompts one for chat, one or more for completions
/// @param given the beginning of the answer, to go on from; null for none
/// @param answer how each prompt is answered
/// @param stream how to deliver
record GenerationRequest(
        Kind kind,
        String model,
        List<Prompt> prompts,
        @Nullable Beginning given,
        Answer answer,
        Stream stream) {
    /// The two routes that generate text.
    enum Kind {
        CHAT("chatcmpl-", "chat.completion", "chat.completion.chunk"),
        COMPLETION("cmpl-", "text_completion", "text_completion");

        final String idPrefix;
        final String object;
        final String chunkObject;

        Kind(String idPrefix, String object, String chunkObject) {
            this.idPrefix = idPrefix;
            this.object = object;
            this.chunkObject = chunkObject;
        }
    }

    /// @param choices per prompt, the request's `n`
    /// @param maxTokens empty when the request leaves the length open
    /// @param minTokens fewest tokens
    /// @param ignoreEos go on to the limit
    /// @param priority lower is earlier
    record Answer(int choices, Optional<Integer> maxTokens, int minTokens, boolean ignoreEos, long priority) {}

    /// @param on server-sent events
    /// @param usage a last chunk with the usage
    /// @param continuousUsage usage in every chunk
    record Stream(boolean on, boolean usage, boolean continuousUsage) {}

    int promptTokens() {
        return prompts.stream().mapToInt(Prompt::tokens).sum();
    }

    int totalChoices() {
        return prompts.size() * answer.choices();
    }

    /// Choices are numbered prompt by prompt.
    Prompt promptOf(int choice) {
        return prompts.get(choice / answer.choices());
    }
}
