package io.penstock.ingest.async;

import io.penstock.topics.line.BodyFields;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The part of a Response object that follows from its request: what the client set, byte for byte,
/// and the standard of what it did not set.
final class Shell {
    private static final Map<String, String> STANDARD = new LinkedHashMap<>();

    static {
        STANDARD.put("instructions", "null");
        STANDARD.put("max_output_tokens", "null");
        STANDARD.put("max_tool_calls", "null");
        STANDARD.put("metadata", "{}");
        STANDARD.put("parallel_tool_calls", "true");
        STANDARD.put("previous_response_id", "null");
        STANDARD.put("prompt_cache_key", "null");
        STANDARD.put("reasoning", "{\"effort\":null,\"summary\":null}");
        STANDARD.put("safety_identifier", "null");
        STANDARD.put("service_tier", "\"auto\"");
        STANDARD.put("temperature", "1.0");
        STANDARD.put("text", "{\"format\":{\"type\":\"text\"}}");
        STANDARD.put("tool_choice", "\"auto\"");
        STANDARD.put("tools", "[]");
        STANDARD.put("top_logprobs", "0");
        STANDARD.put("top_p", "1.0");
        STANDARD.put("truncation", "\"disabled\"");
    }

    private Shell() {}

    /// The shell of the response that `body` asks for, as a JSON object.
    static byte[] of(byte[] body, BodyFields fields) {
        StringBuilder shell = new StringBuilder();
        STANDARD.forEach((name, standard) -> shell.append(shell.isEmpty() ? '{' : ',')
                .append('"')
                .append(name)
                .append("\":")
                .append(given(fields.text(body, name), standard)));
        return shell.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String given(@Nullable String value, String standard) {
        return value == null || value.equals("null") ? standard : value;
    }
}
