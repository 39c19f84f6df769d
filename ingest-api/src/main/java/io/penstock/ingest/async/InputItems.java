package io.penstock.ingest.async;

import io.penstock.topics.id.RequestId;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The input of a response as the list of items that OpenAI's API shows: a text is one message, what
/// has no id gets one that is always the same.
final class InputItems {
    private static final JsonMapper JSON = JsonMapper.shared();

    private InputItems() {}

    /// The items of `input`, the request's field, in the order the client sent them.
    static List<ObjectNode> of(RequestId response, JsonNode input) {
        List<ObjectNode> items = new ArrayList<>();
        if (input.isString()) {
            ObjectNode text = JSON.createObjectNode().put("role", "user").put("content", input.asString());
            items.add(item(response, text, 0));
        }
        if (input.isArray()) {
            for (JsonNode each : input) {
                if (each.isObject()) {
                    items.add(item(response, (ObjectNode) each, items.size()));
                }
            }
        }
        return items;
    }

    private static ObjectNode item(RequestId response, ObjectNode sent, int index) {
        String type = sent.path("type").asString(sent.has("role") ? "message" : "item_reference");
        String ownId = sent.path("id").asString("");
        ObjectNode item = JSON.createObjectNode()
                .put("id", ownId.isEmpty() ? idOf(response, type, index) : ownId)
                .put("type", type);
        sent.properties().forEach(field -> {
            if (!item.has(field.getKey())) {
                item.set(field.getKey(), field.getValue());
            }
        });
        if (type.equals("message")) {
            message(item, sent.path("content"));
        }
        return item;
    }

    private static void message(ObjectNode item, JsonNode content) {
        if (content.isString()) {
            boolean assistant = item.path("role").asString("").equals("assistant");
            ObjectNode part = item.putArray("content")
                    .addObject()
                    .put("type", assistant ? "output_text" : "input_text")
                    .put("text", content.asString());
            if (assistant) {
                part.putArray("annotations");
            }
        }
        if (!item.has("status")) {
            item.put("status", "completed");
        }
    }

    private static String idOf(RequestId response, String type, int index) {
        String prefix = type.equals("message") ? "msg" : type;
        return prefix + "_" + response.value().substring(response.value().indexOf('_') + 1) + "_" + index;
    }
}
