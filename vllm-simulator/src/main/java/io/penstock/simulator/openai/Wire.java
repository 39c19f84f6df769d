package io.penstock.simulator.openai;

import io.penstock.simulator.engine.FinishReason;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The JSON of one answer, with every field that OpenAI's schema requires and the nulls that vLLM
/// writes.
///
/// Chunks are assembled from text: answers are plain ASCII words, and a stream sends one chunk per
/// token.
final class Wire {
    private static final JsonMapper JSON = new JsonMapper();

    private final GenerationRequest request;
    private final String id;
    private final long created;
    private final String chunkHead;

    /// One choice when it has ended.
    record Choice(String text, int tokens, FinishReason reason) {}

    Wire(GenerationRequest request, String requestId, long created) {
        this.request = request;
        this.id = request.kind().idPrefix + requestId;
        this.created = created;
        ObjectNode head = JSON.createObjectNode()
                .put("id", id)
                .put("object", request.kind().chunkObject)
                .put("created", created)
                .put("model", request.model());
        String text = JSON.writeValueAsString(head);
        this.chunkHead = "data: " + text.substring(0, text.length() - 1);
    }

    String response(List<Choice> choices) {
        ObjectNode root = JSON.createObjectNode()
                .put("id", id)
                .put("object", request.kind().object)
                .put("created", created)
                .put("model", request.model());
        ArrayNode list = root.putArray("choices");
        for (int i = 0; i < choices.size(); i++) {
            ObjectNode choice = list.addObject().put("index", i);
            String text = choices.get(i).text();
            switch (request.kind()) {
                case CHAT -> putMessage(choice, text);
                case COMPLETION -> choice.put("text", text).putNull("prompt_logprobs");
            }
            choice.putNull("logprobs");
            choice.put("finish_reason", choices.get(i).reason().wire()).putNull("stop_reason");
        }
        root.putNull("service_tier").putNull("system_fingerprint");
        int completion = choices.stream().mapToInt(Choice::tokens).sum();
        root.set("usage", usage(completion).putNull("prompt_tokens_details"));
        root.putNull("kv_transfer_params");
        return JSON.writeValueAsString(root);
    }

    String roleChunk(int choice) {
        return chunk(choice, "\"delta\":{\"role\":\"assistant\",\"content\":\"\"}", "null", 0);
    }

    /// @param tokensSoFar of all choices, for continuous usage
    String tokenChunk(int choice, String token, int tokensSoFar) {
        return chunk(choice, delta(token), "null", tokensSoFar);
    }

    String finishChunk(int choice, FinishReason reason, int tokensSoFar) {
        return chunk(choice, delta(""), "\"" + reason.wire() + "\",\"stop_reason\":null", tokensSoFar);
    }

    String usageChunk(int completionTokens) {
        return chunkHead + ",\"choices\":[],\"usage\":" + JSON.writeValueAsString(usage(completionTokens)) + "}\n\n";
    }

    private String delta(String asciiText) {
        return switch (request.kind()) {
            case CHAT -> "\"delta\":{\"content\":\"" + asciiText + "\"}";
            case COMPLETION -> "\"text\":\"" + asciiText + "\"";
        };
    }

    private String chunk(int choice, String content, String finish, int tokensSoFar) {
        String usage =
                request.stream().continuousUsage() ? ",\"usage\":" + JSON.writeValueAsString(usage(tokensSoFar)) : "";
        return chunkHead + ",\"choices\":[{\"index\":" + choice + "," + content
                + ",\"logprobs\":null,\"finish_reason\":" + finish + "}]" + usage + "}\n\n";
    }

    private static void putMessage(ObjectNode choice, String text) {
        ObjectNode message = choice.putObject("message");
        message.put("role", "assistant").put("content", text);
        message.putNull("refusal").putNull("annotations").putNull("audio").putNull("function_call");
        message.putArray("tool_calls");
        message.putNull("reasoning");
    }

    private ObjectNode usage(int completionTokens) {
        return JSON.createObjectNode()
                .put("prompt_tokens", request.promptTokens())
                .put("total_tokens", request.promptTokens() + completionTokens)
                .put("completion_tokens", completionTokens);
    }
}
