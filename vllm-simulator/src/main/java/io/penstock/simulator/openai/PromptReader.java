package io.penstock.simulator.openai;

import io.penstock.simulator.engine.Beginning;
import io.penstock.simulator.engine.Prompt;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
        return Prompt.ofText(chatText(body), blockSize, salt(body));
    }

    /// The instructions and the input of a response, rendered as text: a text as it is, of a list each
    /// item with its role.
    Prompt response(RequestBody body) throws ApiError {
        StringBuilder text = new StringBuilder(body.text("instructions").orElse(""));
        JsonNode input = body.required("input");
        if (input.isArray()) {
            for (JsonNode item : input) {
                text.append("<|").append(item.path("role").asString("")).append("|>\n");
                appendContent(text, item.path("content"));
                text.append('\n');
            }
        } else if (input.isString()) {
            text.append(input.asString());
        } else {
            throw RequestBody.wrongType("input", "string");
        }
        return Prompt.ofText(text.append("<|assistant|>\n").toString(), blockSize, salt(body));
    }

    private static String chatText(RequestBody body) throws ApiError {
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
        if (goesOn(body)) {
            text.setLength(text.length() - 1);
        } else {
            text.append("<|assistant|>\n");
        }
        return text.toString();
    }

    /// The beginning of its answer that a request brings along; null if it brings none.
    @Nullable
    Beginning beginning(GenerationRequest.Kind kind, RequestBody body, long seed) throws ApiError {
        String salt = salt(body);
        return switch (kind) {
            case CHAT -> goesOn(body) ? beginning(body, seed, salt) : null;
            case COMPLETION -> {
                JsonNode prompt = body.required("prompt");
                yield prompt.isString()
                        ? Beginning.in(prompt.asString(), text -> Prompt.ofText(text, blockSize, salt), seed)
                        : null;
            }
        };
    }

    private @Nullable Beginning beginning(RequestBody body, long seed, String salt) throws ApiError {
        JsonNode messages = body.required("messages");
        StringBuilder given = new StringBuilder();
        appendContent(given, messages.get(messages.size() - 1).path("content"));
        String whole = chatText(body);
        String asked = whole.substring(0, whole.length() - given.length());
        return Beginning.of(Prompt.ofText(asked, blockSize, salt), given.toString(), seed);
    }

    /// True if the last message is to stay open. Both flags at once are refused as in vLLM, where a
    /// generation prompt is the default.
    private static boolean goesOn(RequestBody body) throws ApiError {
        boolean goesOn = body.flag("continue_final_message");
        if (goesOn && (body.field("add_generation_prompt").isEmpty() || body.flag("add_generation_prompt"))) {
            throw ApiError.badRequest(
                    "Cannot set both `continue_final_message` and `add_generation_prompt` to True.",
                    "add_generation_prompt");
        }
        return goesOn;
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
