package io.penstock.topics.line;

import io.penstock.topics.record.Cost;
import org.jspecify.annotations.Nullable;

/// What Penstock needs to know of a request body; everything else in it is the engine's business.
///
/// `modelValue` is where the model's JSON string lies, quotes included, counted from the body's first
/// byte (null exactly when `model` is). `prompt` is the name of the field that carries the prompt
/// (`messages`, `prompt` or `input`), null if there is none. `maxTokens` is `max_completion_tokens`,
/// `max_output_tokens` or `max_tokens`, null if absent; `choices` is how many answers are generated, the greater
/// of `n` and `best_of`. `promptBytes` is the prompt's length without its `media`: images, audio and video,
/// inline or by address. `prefix` is a hash of the prompt's first 256 bytes, 0 for a shorter one:
/// prompts that begin alike have the same, and an engine's prefix cache serves them best one after the
/// other.
public record BodyFacts(
        @Nullable String model,
        @Nullable Slice modelValue,
        @Nullable String prompt,
        boolean stream,
        @Nullable Integer maxTokens,
        int choices,
        int promptBytes,
        int media,
        int prefix) {
    /// UTF-8 bytes per token assumed until an engine's `usage` teaches better; English text has about
    /// 4.
    private static final int BYTES_PER_TOKEN = 4;
    /// Output tokens assumed of a request that sets no limit.
    private static final int OUTPUT_TOKENS = 256;
    /// Output tokens above which a limit is taken for a safety bound and not for an expectation.
    private static final int OUTPUT_TOKENS_MAX = 1024;
    /// Prompt tokens assumed of an image or another medium: vision models make some hundreds to some thousands
    /// of one; what a model really makes of it is learned with the rest of its prompts.
    private static final int MEDIUM_TOKENS = 1024;

    public BodyFacts {
        // A record written before it was told says 0.
        choices = Math.max(1, choices);
    }

    /// The same facts, of a body that starts at `start` of what was scanned.
    BodyFacts ofBodyAt(int start) {
        return modelValue == null
                ? this
                : new BodyFacts(
                        model,
                        new Slice(modelValue.offset() - start, modelValue.length()),
                        prompt,
                        stream,
                        maxTokens,
                        choices,
                        promptBytes,
                        media,
                        prefix);
    }

    /// The expected cost of a request with these facts to `url`. Embeddings produce no output tokens.
    public Cost estimate(String url) {
        int promptTokens = promptBytes / BYTES_PER_TOKEN + 1 + media * MEDIUM_TOKENS;
        if (url.endsWith("/embeddings")) {
            return new Cost(promptTokens, 0);
        }
        if (maxTokens == null) {
            return new Cost(promptTokens, OUTPUT_TOKENS * choices);
        }
        int limit = Math.clamp((long) maxTokens * choices, 1, Integer.MAX_VALUE);
        return new Cost(promptTokens, Math.clamp(maxTokens, 1, OUTPUT_TOKENS_MAX) * choices, limit);
    }
}
