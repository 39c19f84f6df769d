package io.penstock.simulator.openai;

import io.penstock.simulator.engine.Prompt;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Finds the prompts in a request body.
final class PromptReader {
    private static final int MAX_PROMPTS = 2_048;

    private final int blockSize;

    PromptReader(int blockSize) {
        this.blockSize = blockSize;
    }

    /// The conversation of a chat request, rendered as text: tools first, then each message with its
    /// role.
    Prompt chat(RequestBody body) throws ApiError {
        JsonNode messages = body.required("messages");
        if (!messages.isArray()) {
            throw RequestBody.wrongType("messages", "list");
        }
        if (messages.isEmpty()) {
            throw ApiError.badRequest("messages must not be empty", "messages");
        }
        StringBuilder text = new StringBuilder();
        body.field("tools").ifPresent(tools -> text.append(tools).append('\n'));
        for (JsonNode message : messages) {
            text.append("<|").append(message.path("role").asString("")).append("|>\n");
            appendContent(text, message.path("content"));
            text.append('\n');
        }
        text.append("<|assistant|>\n");
        return Prompt.ofText(text.toString(), blockSize, salt(body));
    }

    /// One prompt or several: a string, strings, token ids, or lists of token ids.
    List<Prompt> prompts(RequestBody body, String field) throws ApiError {
        JsonNode node = body.required(field);
        String salt = salt(body);
        List<Prompt> prompts = new ArrayList<>();
        if (node.isString()) {
            prompts.add(Prompt.ofText(node.asString(), blockSize, salt));
        } else if (node.isArray() && !node.isEmpty() && node.get(0).isIntegralNumber()) {
            prompts.add(tokenIds(node, field, salt));
        } else if (node.isArray() && !node.isEmpty() && node.size() <= MAX_PROMPTS) {
            for (JsonNode item : node) {
                prompts.add(
                        item.isString()
                                ? Prompt.ofText(item.asString(), blockSize, salt)
                                : tokenIds(item, field, salt));
            }
        } else {
            throw ApiError.badRequest(
                    field + " must be a string, token ids, or a list of 1 to " + MAX_PROMPTS + " of either", field);
        }
        return prompts;
    }

    private Prompt tokenIds(JsonNode ids, String field, String salt) throws ApiError {
        if (!ids.isArray() || ids.isEmpty()) {
            throw ApiError.badRequest(field + " must not contain an empty list of token ids", field);
        }
        List<Integer> tokens = new ArrayList<>(ids.size());
        for (JsonNode id : ids) {
            if (!id.isIntegralNumber() || !id.canConvertToInt()) {
                throw RequestBody.wrongType(field, "integer");
            }
            tokens.add(id.asInt());
        }
        return Prompt.ofTokenIds(tokens, blockSize, salt);
    }

    private static void appendContent(StringBuilder text, JsonNode content) {
        if (content.isString()) {
            text.append(content.asString());
        } else if (content.isArray()) {
            for (JsonNode part : content) {
                JsonNode words = part.path("text");
                text.append(words.isString() ? words.asString() : part.toString());
            }
        }
    }

    private static String salt(RequestBody body) throws ApiError {
        return body.text("cache_salt").orElse("");
    }
}
