package io.penstock.simulator.openai;

import io.penstock.simulator.engine.Beginning;
import io.penstock.simulator.engine.Prompt;
import io.penstock.simulator.http.HttpRequest;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Turns a request body into a [GenerationRequest], or says in vLLM's words why it cannot.
final class GenerationReader {
    private static final int MAX_CHOICES = 128;

    private final ServedModel served;
    private final PromptReader prompts;

    GenerationReader(ServedModel served) {
        this.served = served;
        this.prompts = new PromptReader(served.limits().blockSize());
    }

    GenerationRequest read(GenerationRequest.Kind kind, HttpRequest request, RequestBody body) throws ApiError {
        List<Prompt> found = switch (kind) {
            case CHAT -> List.of(prompts.chat(body));
            case COMPLETION -> prompts.prompts(body, "prompt");
        };
        GenerationRequest.Answer answer = answer(request, body);
        for (Prompt prompt : found) {
            checkLength(prompt, answer.maxTokens());
        }
        String model = body.text("model").orElse(served.firstName());
        Beginning given = answer.choices() == 1 ? prompts.beginning(kind, body, served.seed()) : null;
        return new GenerationRequest(kind, model, found, given, answer, stream(body));
    }

    /// A request of the Responses API: one message, answered as a chat is.
    GenerationRequest response(HttpRequest request, RequestBody body) throws ApiError {
        Prompt prompt = prompts.response(body);
        Optional<Long> maxTokens = body.integer("max_output_tokens");
        if (maxTokens.isPresent() && maxTokens.get() < 1) {
            throw ApiError.badRequest(
                    "max_output_tokens must be at least 1, got " + maxTokens.get() + ".", "max_output_tokens");
        }
        GenerationRequest.Answer answer = new GenerationRequest.Answer(
                1, maxTokens.map(GenerationReader::toInt), 0, body.flag("ignore_eos"), priority(request, body));
        checkLength(prompt, answer.maxTokens());
        String model = body.text("model").orElse(served.firstName());
        return new GenerationRequest(GenerationRequest.Kind.CHAT, model, List.of(prompt), null, answer, stream(body));
    }

    private static GenerationRequest.Answer answer(HttpRequest request, RequestBody body) throws ApiError {
        long choices = body.integer("n").orElse(1L);
        if (choices < 1 || choices > MAX_CHOICES) {
            throw ApiError.badRequest("n must be 1 to " + MAX_CHOICES + ", got " + choices + ".", "n");
        }
        Optional<Long> limit = body.integer("max_completion_tokens");
        Optional<Long> maxTokens = limit.isPresent() ? limit : body.integer("max_tokens");
        if (maxTokens.isPresent() && maxTokens.get() < 1) {
            throw ApiError.badRequest("max_tokens must be at least 1, got " + maxTokens.get() + ".", "max_tokens");
        }
        long minTokens = body.integer("min_tokens").orElse(0L);
        if (minTokens < 0 || minTokens > maxTokens.orElse((long) Integer.MAX_VALUE)) {
            throw ApiError.badRequest("min_tokens must be 0 to max_tokens, got " + minTokens + ".", "min_tokens");
        }
        return new GenerationRequest.Answer(
                (int) choices,
                maxTokens.map(GenerationReader::toInt),
                toInt(minTokens),
                body.flag("ignore_eos"),
                priority(request, body));
    }

    /// The header overrides the body, as in vLLM.
    private static long priority(HttpRequest request, RequestBody body) throws ApiError {
        Optional<String> header = request.header("x-vllm-priority");
        try {
            return header.isPresent()
                    ? Long.parseLong(header.get())
                    : body.integer("priority").orElse(0L);
        } catch (NumberFormatException e) {
            throw ApiError.badRequest("X-Vllm-Priority must be an integer.", "priority");
        }
    }

    private static GenerationRequest.Stream stream(RequestBody body) throws ApiError {
        Optional<JsonNode> options = body.field("stream_options");
        boolean stream = body.flag("stream");
        if (options.isPresent() && !stream) {
            throw ApiError.badRequest("Stream options can only be defined when `stream=True`.", "stream_options");
        }
        boolean usage =
                options.map(node -> node.path("include_usage").asBoolean(false)).orElse(false);
        boolean continuous = options.map(
                        node -> node.path("continuous_usage_stats").asBoolean(false))
                .orElse(false);
        return new GenerationRequest.Stream(stream, usage, usage && continuous);
    }

    private void checkLength(Prompt prompt, Optional<Integer> maxTokens) throws ApiError {
        long output = maxTokens.orElse(1);
        checkLength(served, prompt, output);
    }

    /// @param output tokens asked for; 0 for embeddings
    static void checkLength(ServedModel served, Prompt prompt, long output) throws ApiError {
        int max = served.limits().maxModelLen();
        if (prompt.tokens() + output > max) {
            throw ApiError.badRequest(
                    "This model's maximum context length is " + max + " tokens. However, you requested " + output
                            + " output tokens and your prompt contains at least " + prompt.tokens()
                            + " input tokens, for a total of at least " + (prompt.tokens() + output)
                            + " tokens. Please reduce the length of the input prompt or the number of requested output"
                            + " tokens.",
                    "input_tokens");
        }
    }

    private static int toInt(long value) {
        return (int) Math.min(value, Integer.MAX_VALUE);
    }
}
