package io.penstock.worker.run;

import io.penstock.topics.record.Partial;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Puts the chunks of one streamed answer together into the answer that would have come in one piece,
/// and knows at any time what another run could go on from. Holds for one choice.
final class ChunkAssembler {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    /// Text that chat templates cut out or take for their own.
    private static final List<String> MARKERS = List.of("<|", "<think", "</think");

    private final boolean chat;
    private final @Nullable Partial before;
    private final ObjectNode head = JSON.createObjectNode();
    private final ObjectNode choice = JSON.createObjectNode();
    private final MessageAssembler message = new MessageAssembler();
    private final SafeText text;
    private @Nullable JsonNode usage;
    private @Nullable JsonNode error;
    private @Nullable String finishReason;
    private boolean plain = true;

    /// An assembler of what follows `before`, which is null for an answer from its beginning.
    ChunkAssembler(boolean chat, @Nullable Partial before) {
        this.chat = chat;
        this.before = before;
        this.text = new SafeText(
                before == null
                        ? Partial.TEXT_BYTES_MAX
                        : Partial.TEXT_BYTES_MAX - before.text().getBytes(StandardCharsets.UTF_8).length);
    }

    /// Takes the next chunk; false if it is no JSON object.
    boolean add(byte[] data) {
        JsonNode chunk;
        try {
            chunk = JSON.readTree(data);
        } catch (JacksonException _) {
            return false;
        }
        if (!chunk.isObject()) {
            return false;
        }
        for (Map.Entry<String, JsonNode> field : chunk.properties()) {
            switch (field.getKey()) {
                case "choices" -> {}
                case "usage" -> usage = field.getValue().isObject() ? field.getValue() : usage;
                case "error" -> error = field.getValue();
                default -> keep(head, field.getKey(), field.getValue());
            }
        }
        String piece = "";
        for (JsonNode one : chunk.path("choices")) {
            piece += choice(one);
        }
        text.add(piece, chunk.path("usage").path("completion_tokens").asLong(0));
        return true;
    }

    /// The error that ended the stream, if one did.
    @Nullable
    JsonNode error() {
        return error;
    }

    /// True once the engine has said why the answer ends.
    boolean isFinished() {
        return finishReason != null;
    }

    /// False once there is more to the answer than text: reasoning, tool calls, log probabilities.
    boolean isPlain() {
        return plain;
    }

    /// Tokens generated so far, `before` not counted; 0 if the engine does not tell.
    int generatedTokens() {
        return usage == null
                ? 0
                : (int) Math.min(
                        Integer.MAX_VALUE, usage.path("completion_tokens").asLong(0));
    }

    /// Characters assembled so far, `before` not counted.
    int chars() {
        return text.length() + message.chars();
    }

    /// What another run can go on from; null if nothing.
    @Nullable
    Partial partial() {
        if (!plain || usage == null) {
            return before;
        }
        if (text.safeTokens() == 0) {
            return before;
        }
        String whole = (before == null ? "" : before.text()) + text.safe();
        if (chat && MARKERS.stream().anyMatch(whole::contains)) {
            return null;
        }
        return before == null
                ? new Partial(whole, usage.path("prompt_tokens").asLong(0), text.safeTokens(), 1)
                : new Partial(
                        whole, before.promptTokens(), before.outputTokens() + text.safeTokens(), before.runs() + 1);
    }

    /// The whole answer, `before` included.
    byte[] answer() {
        String content = (before == null ? "" : before.text()) + text.all();
        ObjectNode only = JSON.createObjectNode().put("index", 0);
        if (chat) {
            only.set("message", message.of(content));
        } else {
            only.put("text", content);
        }
        only.setAll(choice);
        if (!only.has("logprobs")) {
            only.putNull("logprobs");
        }
        only.put("finish_reason", finishReason);
        ObjectNode answer = JSON.createObjectNode();
        answer.setAll(head);
        answer.put("object", chat ? "chat.completion" : "text_completion");
        answer.putArray("choices").add(only);
        if (usage != null) {
            answer.set("usage", before == null ? usage : merged(usage, before));
        }
        return JSON.writeValueAsBytes(answer);
    }

    /// The text of one choice of a chunk.
    private String choice(JsonNode one) {
        String piece = "";
        for (Map.Entry<String, JsonNode> field : one.properties()) {
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case "index" -> {}
                case "finish_reason" -> finishReason = value.isString() ? value.asString() : finishReason;
                case "text" -> piece = value.asString("");
                case "delta" -> piece = message.add(value);
                case "logprobs" -> {
                    plain &= value.isNull();
                    keep(choice, "logprobs", value);
                }
                default -> keep(choice, field.getKey(), value);
            }
        }
        plain &= message.isPlain();
        return piece;
    }

    /// Later values replace earlier ones, but null replaces nothing.
    private static void keep(ObjectNode into, String name, JsonNode value) {
        if (!value.isNull() || !into.has(name)) {
            into.set(name, value);
        }
    }

    /// The prompt counts as it did for the first run, the output of all runs adds up. Details of either
    /// are left out: no engine knows them for all runs.
    private static ObjectNode merged(JsonNode last, Partial before) {
        long output = before.outputTokens() + last.path("completion_tokens").asLong(0);
        return JSON.createObjectNode()
                .put("prompt_tokens", before.promptTokens())
                .put("total_tokens", before.promptTokens() + output)
                .put("completion_tokens", output);
    }
}
