package io.penstock.pool.answer;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Puts an engine's error into OpenAI's envelope: `{"error":{"message","type","param","code"}}`, all
/// four always there.
///
/// vLLM's `code` is the HTTP status as a number, some of its bodies are `{"error":"text"}` or
/// `{"detail":"text"}`, proxies answer in HTML, and a prompt that is too long has no code of its own and
/// a `param` that is no field of the request; clients of OpenAI's API expect none of that.
public final class EngineErrors {
    private static final int MESSAGE_CHARS_MAX = 2_000;
    private static final JsonMapper JSON = JsonMapper.shared();
    /// As vLLM (three ways), SGLang and llama.cpp say it, in lower case.
    private static final List<String> TOO_LONG = List.of(
            "maximum context length",
            "maximum model length",
            "longer than the model's context length",
            "exceeds the available context size",
            "max_model_len");
    /// What vLLM calls the prompt where it is too long.
    private static final Set<String> ENGINE_PARAMS = Set.of("input_tokens", "input_text");

    private EngineErrors() {}

    /// The envelope for an answer with `status` and `body`.
    public static byte[] translate(int status, byte[] body) {
        return translate(status, body, null);
    }

    /// The envelope for an answer with `status` and `body` to a request whose prompt is the field
    /// `promptField`.
    public static byte[] translate(int status, byte[] body, @Nullable String promptField) {
        JsonNode error = error(body);
        String message = text(error, "message");
        if (message == null) {
            message = text(error, "detail");
        }
        if (message == null) {
            message = error != null && error.isString() ? error.asString() : plain(body);
        }
        if (message.isBlank()) {
            message = "The engine answered with status " + status + " and no explanation.";
        }
        String param = text(error, "param");
        ObjectNode envelope = JSON.createObjectNode();
        envelope.putObject("error")
                .put(
                        "message",
                        message.length() > MESSAGE_CHARS_MAX ? message.substring(0, MESSAGE_CHARS_MAX) : message)
                .put("type", status >= 500 ? "server_error" : "invalid_request_error")
                .put("param", param != null && ENGINE_PARAMS.contains(param) ? promptField : param)
                .put("code", code(status, error, message));
        return JSON.writeValueAsBytes(envelope);
    }

    private static @Nullable JsonNode error(byte[] body) {
        try {
            JsonNode root = JSON.readTree(body);
            return root.isObject() ? (root.has("error") ? root.get("error") : root) : null;
        } catch (JacksonException _) {
            return null;
        }
    }

    private static @Nullable String code(int status, @Nullable JsonNode error, String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        if ((status == 400 || status == 413) && TOO_LONG.stream().anyMatch(lower::contains)) {
            return "context_length_exceeded";
        }
        if (status == 404 && message.contains("model")) {
            return "model_not_found";
        }
        return text(error, "code");
    }

    private static @Nullable String text(@Nullable JsonNode node, String field) {
        JsonNode value = node == null ? null : node.get(field);
        return value != null && value.isString() ? value.asString() : null;
    }

    /// Markup says nothing to a client; plain text may.
    private static String plain(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        return text.startsWith("<") || text.startsWith("{") || text.startsWith("[") ? "" : text;
    }
}
