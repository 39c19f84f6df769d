package io.penstock.worker.run;

import static java.util.Map.entry;

import io.penstock.topics.line.BodyFields;
import io.penstock.topics.line.Slice;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Which requests another run may go on with: those whose remaining text depends on nothing but the
/// text before it.
///
/// Every field must be known to leave that so; one that is not known makes the request begin again.
/// `null` is as good as absent.
final class Resumable {
    private static final JsonMapper JSON = JsonMapper.shared();

    /// Fields of both kinds of request.
    private static final Map<String, Harmless> COMMON = Map.ofEntries(
            entry("model", Harmless.ANYTHING),
            // How each next token is drawn, from the text so far alone.
            entry("temperature", Harmless.ANYTHING),
            entry("top_p", Harmless.ANYTHING),
            entry("top_k", Harmless.ANYTHING),
            entry("min_p", Harmless.ANYTHING),
            entry("logit_bias", Harmless.ANYTHING),
            entry("repetition_penalty", Harmless.ANYTHING),
            entry("ignore_eos", Harmless.ANYTHING),
            entry("stop_token_ids", Harmless.ANYTHING),
            // Reduced by what has been generated.
            entry("max_tokens", Harmless.TOKENS),
            entry("min_tokens", Harmless.TOKENS),
            // Bookkeeping.
            entry("user", Harmless.ANYTHING),
            entry("safety_identifier", Harmless.ANYTHING),
            entry("metadata", Harmless.ANYTHING),
            entry("store", Harmless.ANYTHING),
            entry("service_tier", Harmless.ANYTHING),
            entry("priority", Harmless.ANYTHING),
            entry("cache_salt", Harmless.ANYTHING),
            entry("prompt_cache_key", Harmless.ANYTHING),
            entry("session_id", Harmless.ANYTHING),
            // Harmless as long as they say no more than the default. The penalties count what was
            // generated, and would not see what another run has; a stop text might lie across the seam.
            entry("n", Harmless.ONE),
            entry("stream", Harmless.FALSE),
            entry("use_beam_search", Harmless.FALSE),
            entry("echo", Harmless.FALSE),
            entry("skip_special_tokens", Harmless.TRUE),
            entry("presence_penalty", Harmless.ZERO),
            entry("frequency_penalty", Harmless.ZERO),
            entry("stop", Harmless.EMPTY_LIST));

    private static final Map<String, Harmless> CHAT = Map.ofEntries(
            entry("messages", Harmless.ENGINES_TURN),
            entry("max_completion_tokens", Harmless.TOKENS),
            entry("chat_template_kwargs", Harmless.TEMPLATE_ARGUMENTS),
            entry("reasoning_effort", Harmless.ANYTHING),
            entry("include_reasoning", Harmless.TRUE),
            entry("parallel_tool_calls", Harmless.ANYTHING),
            entry("tools", Harmless.EMPTY_LIST),
            entry("tool_choice", Harmless.NONE),
            entry("functions", Harmless.EMPTY_LIST),
            entry("function_call", Harmless.NONE),
            entry("logprobs", Harmless.FALSE),
            entry("top_logprobs", Harmless.ZERO),
            entry("add_generation_prompt", Harmless.TRUE),
            entry("continue_final_message", Harmless.FALSE),
            entry("response_format", Harmless.TEXT_FORMAT));

    private static final Map<String, Harmless> COMPLETION = Map.of("prompt", Harmless.TEXT, "best_of", Harmless.ONE);

    private Resumable() {}

    /// The first thing about a request to `url` that stands against going on; null if nothing does.
    static @Nullable String objection(String url, byte[] body, BodyFields fields) {
        return switch (url) {
            case StreamedBody.CHAT -> objection(CHAT, List.of("messages"), body, fields);
            // Without a limit an engine stops after 16 tokens: nothing to be gained.
            case StreamedBody.COMPLETION -> objection(COMPLETION, List.of("prompt", "max_tokens"), body, fields);
            default -> url;
        };
    }

    private static @Nullable String objection(
            Map<String, Harmless> own, List<String> needed, byte[] body, BodyFields fields) {
        if (fields.repeats()) {
            return "a repeated field";
        }
        for (String name : needed) {
            if (value(fields.value(name), body).isNull()) {
                return name;
            }
        }
        for (Map.Entry<String, Slice> field : fields.values().entrySet()) {
            String name = field.getKey();
            Harmless may = COMMON.getOrDefault(name, own.getOrDefault(name, Harmless.NOTHING));
            if (may != Harmless.ANYTHING) {
                JsonNode value = value(field.getValue(), body);
                if (!value.isNull() && !may.allows(value)) {
                    return name;
                }
            }
        }
        return null;
    }

    private static JsonNode value(@Nullable Slice slice, byte[] body) {
        return slice == null ? JSON.nullNode() : JSON.reader().readTree(body, slice.offset(), slice.length());
    }
}
