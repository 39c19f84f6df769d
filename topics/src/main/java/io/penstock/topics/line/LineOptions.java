package io.penstock.topics.line;

import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.record.Window;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// What an input line asks for itself, in `"penstock":{"objective":"urgent","deadline":"30m"}` beside its
/// `custom_id`; null for what it leaves to its batch or to the record's headers. `deadline` counts from the
/// batch's creation, or the record's acceptance. `fault` is the first thing wrong with it.
public record LineOptions(
        @Nullable ObjectiveName objective,
        @Nullable Duration deadline,
        @Nullable Fault fault) {
    /// A line that asks for nothing.
    public static final LineOptions NONE = new LineOptions(null, null, null);

    /// What is wrong with the field `param`.
    public record Fault(String code, String param, String message) {}

    /// Reads the value the parser stands at, and leaves it at the value's end.
    static LineOptions read(JsonParser parser) {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return NONE;
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            BodyScanner.finish(parser);
            return faulty("invalid_type", "penstock", "Invalid type for 'penstock': expected an object.");
        }
        LineOptions options = NONE;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            String text = token == JsonToken.VALUE_STRING ? parser.getString() : null;
            BodyScanner.finish(parser);
            options = options.fault() == null ? options.with(name, token, text) : options;
        }
        return options;
    }

    private LineOptions with(String name, JsonToken token, @Nullable String text) {
        String param = "penstock." + name;
        if (!name.equals("objective") && !name.equals("deadline")) {
            return faulty(
                    "unknown_parameter", "penstock", "Unknown parameter in 'penstock': it has objective and deadline.");
        }
        if (token == JsonToken.VALUE_NULL) {
            return this;
        }
        if (text == null) {
            return faulty("invalid_type", param, "Invalid type for '" + param + "': expected a string.");
        }
        try {
            return name.equals("objective")
                    ? new LineOptions(new ObjectiveName(text), deadline, null)
                    : new LineOptions(objective, Window.parse(text), null);
        } catch (IllegalArgumentException e) {
            return faulty("invalid_value", param, "Invalid value for '" + param + "': " + e.getMessage());
        }
    }

    private static LineOptions faulty(String code, String param, String message) {
        return new LineOptions(null, null, new Fault(code, param, message));
    }
}
