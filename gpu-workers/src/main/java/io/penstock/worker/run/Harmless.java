package io.penstock.worker.run;

import tools.jackson.databind.JsonNode;

/// What a field of a resumable request may say.
enum Harmless {
    ANYTHING,
    NOTHING,
    /// A number of tokens.
    TOKENS,
    FALSE,
    TRUE,
    ONE,
    ZERO,
    EMPTY_LIST,
    /// The word `none`.
    NONE,
    /// One text that is not empty.
    TEXT,
    /// The format `text`.
    TEXT_FORMAT,
    /// A conversation in which it is the engine's turn. After a last message of its own side, a second one
    /// of the engine would follow, which templates join or refuse.
    ENGINES_TURN,
    /// Arguments of the chat template that do not say where the conversation ends.
    TEMPLATE_ARGUMENTS;

    boolean allows(JsonNode value) {
        return switch (this) {
            case ANYTHING -> true;
            case NOTHING -> false;
            case TOKENS -> value.isIntegralNumber() && value.canConvertToInt();
            case FALSE -> value.isBoolean() && !value.asBoolean();
            case TRUE -> value.isBoolean() && value.asBoolean();
            case ONE -> value.isIntegralNumber() && value.canConvertToInt() && value.asInt() == 1;
            case ZERO -> value.isNumber() && value.asDouble() == 0;
            case EMPTY_LIST -> value.isArray() && value.isEmpty();
            case NONE -> is(value, "none");
            case TEXT -> value.isString() && !value.asString().isEmpty();
            case TEXT_FORMAT -> is(value.path("type"), "text");
            case ENGINES_TURN -> isEnginesTurn(value);
            case TEMPLATE_ARGUMENTS ->
                value.isObject() && !value.has("add_generation_prompt") && !value.has("continue_final_message");
        };
    }

    private static boolean is(JsonNode value, String text) {
        return value.isString() && value.asString().equals(text);
    }

    private static boolean isEnginesTurn(JsonNode messages) {
        if (!messages.isArray() || messages.isEmpty()) {
            return false;
        }
        JsonNode role = messages.get(messages.size() - 1).path("role");
        return role.isString() && !role.asString().equals("assistant");
    }
}
