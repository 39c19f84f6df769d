package io.penstock.worker.run;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The message of a chat answer, out of its deltas: texts are joined, lists appended, anything else is
/// as it came last. The content is left to the caller.
final class MessageAssembler {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final ObjectNode fields = JSON.createObjectNode();
    private final Map<String, StringBuilder> texts = new LinkedHashMap<>();
    private boolean plain = true;

    /// Takes one delta; returns its content, empty if it has none.
    String add(JsonNode delta) {
        String content = "";
        for (Map.Entry<String, JsonNode> field : delta.properties()) {
            String name = field.getKey();
            JsonNode value = field.getValue();
            if (name.equals("content")) {
                content = value.asString("");
            } else if (name.equals("role")) {
                fields.set(name, value);
            } else if (value.isString()) {
                texts.computeIfAbsent(name, _ -> new StringBuilder()).append(value.asString());
                plain &= value.asString().isEmpty();
            } else if (value.isArray()) {
                append(name, value);
            } else if (!value.isNull()) {
                fields.set(name, value);
                plain = false;
            }
        }
        return content;
    }

    /// False once there is more than content: reasoning, a refusal, tool calls.
    boolean isPlain() {
        return plain;
    }

    /// Characters besides the content.
    int chars() {
        return texts.values().stream().mapToInt(StringBuilder::length).sum();
    }

    /// The message with its `content`.
    ObjectNode of(String content) {
        ObjectNode message = JSON.createObjectNode().put("role", "assistant").put("content", content);
        message.putNull("refusal");
        message.setAll(fields);
        texts.forEach((name, text) -> {
            if (!text.isEmpty()) {
                message.put(name, text.toString());
            }
        });
        return message;
    }

    private void append(String name, JsonNode values) {
        if (!values.isEmpty()) {
            plain = false;
            ArrayNode list = fields.get(name) instanceof ArrayNode present ? present : fields.putArray(name);
            values.forEach(list::add);
        }
    }
}
