package io.penstock.simulator.openai;

import io.penstock.simulator.engine.FinishReason;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The JSON of one answer of the Responses API, with every field that OpenAI's schema requires and the
/// order of events that vLLM has.
final class ResponseWire {
    private static final JsonMapper JSON = new JsonMapper();

    private final GenerationRequest request;
    private final RequestBody body;
    private final String id;
    private final String itemId;
    private final long created;
    private int sequence;

    ResponseWire(GenerationRequest request, RequestBody body, InferenceRoute.Call call) {
        this.request = request;
        this.body = body;
        this.id = "resp_" + call.requestId();
        this.itemId = "msg_" + call.requestId();
        this.created = call.nowSeconds();
    }

    /// The whole answer.
    String ended(String text, int tokens, FinishReason reason) {
        return JSON.writeValueAsString(finished(text, tokens, reason));
    }

    /// The events before the first token.
    String opening() {
        ObjectNode began = response("in_progress", null);
        return event("response.created", event -> event.set("response", began))
                + event("response.in_progress", event -> event.set("response", began))
                + event("response.output_item.added", event -> {
                    event.put("output_index", 0);
                    event.set("item", message("in_progress", null));
                })
                + event("response.content_part.added", event -> at(event).set("part", part("")));
    }

    String delta(String token) {
        return event(
                "response.output_text.delta",
                event -> at(event).put("delta", token).putArray("logprobs"));
    }

    /// The events after the last token.
    String closing(String text, int tokens, FinishReason reason) {
        String last = reason == FinishReason.LENGTH ? "response.incomplete" : "response.completed";
        return event(
                        "response.output_text.done",
                        event -> at(event).put("text", text).putArray("logprobs"))
                + event("response.content_part.done", event -> at(event).set("part", part(text)))
                + event("response.output_item.done", event -> {
                    event.put("output_index", 0);
                    event.set("item", message("completed", text));
                })
                + event(last, event -> event.set("response", finished(text, tokens, reason)));
    }

    private ObjectNode finished(String text, int tokens, FinishReason reason) {
        boolean cut = reason == FinishReason.LENGTH;
        ObjectNode response = response(cut ? "incomplete" : "completed", cut ? "max_output_tokens" : null);
        response.withArray("output").add(message(cut ? "incomplete" : "completed", text));
        ObjectNode usage = response.putObject("usage").put("input_tokens", request.promptTokens());
        usage.putObject("input_tokens_details").put("cached_tokens", 0).put("cache_write_tokens", 0);
        usage.put("output_tokens", tokens);
        usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
        usage.put("total_tokens", request.promptTokens() + tokens);
        return response;
    }

    private ObjectNode response(String status, @Nullable String incomplete) {
        ObjectNode root = JSON.createObjectNode()
                .put("id", id)
                .put("created_at", created)
                .put("object", "response")
                .put("model", request.model())
                .put("status", status)
                .putNull("error");
        if (incomplete == null) {
            root.putNull("incomplete_details");
        } else {
            root.putObject("incomplete_details").put("reason", incomplete);
        }
        root.putArray("output");
        asked(root, "instructions", JsonNodeFactory.instance.nullNode());
        asked(root, "metadata", JsonNodeFactory.instance.nullNode());
        asked(root, "parallel_tool_calls", JsonNodeFactory.instance.booleanNode(true));
        asked(root, "temperature", JsonNodeFactory.instance.numberNode(1.0));
        asked(root, "top_p", JsonNodeFactory.instance.numberNode(1.0));
        asked(root, "tool_choice", JsonNodeFactory.instance.stringNode("auto"));
        asked(root, "tools", JsonNodeFactory.instance.arrayNode());
        asked(root, "max_output_tokens", JsonNodeFactory.instance.nullNode());
        return root.put("background", false)
                .putNull("previous_response_id")
                .put("service_tier", "auto")
                .put("truncation", "disabled")
                .putNull("usage");
    }

    /// What the request says, else `standard`.
    private void asked(ObjectNode root, String field, JsonNode standard) {
        root.set(field, body.field(field).orElse(standard));
    }

    private ObjectNode message(String status, @Nullable String text) {
        ObjectNode message = JSON.createObjectNode()
                .put("id", itemId)
                .put("type", "message")
                .put("role", "assistant")
                .put("status", status);
        message.putArray("content");
        if (text != null) {
            message.withArray("content").add(part(text));
        }
        return message;
    }

    private static ObjectNode part(String text) {
        ObjectNode part = JSON.createObjectNode().put("type", "output_text").put("text", text);
        part.putArray("annotations");
        return part.putNull("logprobs");
    }

    private ObjectNode at(ObjectNode event) {
        return event.put("item_id", itemId).put("output_index", 0).put("content_index", 0);
    }

    private String event(String type, Consumer<ObjectNode> content) {
        ObjectNode event = JSON.createObjectNode().put("type", type).put("sequence_number", sequence++);
        content.accept(event);
        return "event: " + type + "\ndata: " + JSON.writeValueAsString(event) + "\n\n";
    }
}
