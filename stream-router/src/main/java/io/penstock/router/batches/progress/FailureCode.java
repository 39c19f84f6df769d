package io.penstock.router.batches.progress;

import io.penstock.topics.catalogue.Json;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Why a line failed, as one word by which failed lines can be chosen: its `error.code`, or the HTTP
/// status of the answer where an engine gave one.
public final class FailureCode {
    /// Of lines that do not say it in a word.
    public static final String OTHER = "other";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private FailureCode() {}

    /// The code of an output line; the answer's body is passed over.
    public static String of(byte[] line) {
        try (JsonParser parser = Json.MAPPER.createParser(line)) {
            parser.nextToken();
            String code = null;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                String found = switch (name) {
                    case "error" -> field(parser, "code");
                    case "response" -> field(parser, "status_code");
                    default -> null;
                };
                code = found == null ? code : found;
                parser.skipChildren();
            }
            return code != null && FORM.matcher(code).matches() ? code : OTHER;
        } catch (JacksonException e) {
            return OTHER;
        }
    }

    /// The value of `field` in the object at hand, as text; leaves the parser at the object's end.
    private static @Nullable String field(JsonParser parser, String field) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return null;
        }
        String value = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals(field) && token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                value = parser.getString();
            }
            parser.skipChildren();
        }
        return value;
    }
}
