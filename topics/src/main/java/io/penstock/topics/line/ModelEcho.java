package io.penstock.topics.line;

import io.penstock.topics.id.ModelName;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/// Puts the name a client sent back into an answer, whose engine knows the model by another one. The
/// name stands at the top of an answer or of one event of a stream, and in the `response` object of the
/// events of `/v1/responses`.
public final class ModelEcho {
    private ModelEcho() {}

    /// `answer` with its `model` replaced by `model` and every other byte as it was; the same array if
    /// it names none, or is no JSON object.
    public static byte[] in(byte[] answer, ModelName model) {
        Slice value = find(answer);
        return value == null ? answer : ModelSplice.replace(answer, value, model);
    }

    private static @Nullable Slice find(byte[] answer) {
        try (JsonParser parser = BodyScanner.FACTORY.createParser(ObjectReadContext.empty(), answer)) {
            return parser.nextToken() == JsonToken.START_OBJECT ? find(parser, true) : null;
        } catch (JacksonException _) {
            return null;
        }
    }

    /// Stops at the name: engines write it before what they have generated.
    private static @Nullable Slice find(JsonParser parser, boolean top) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("model") && value == JsonToken.VALUE_STRING) {
                int start = BodyScanner.offset(parser.currentTokenLocation().getByteOffset());
                BodyScanner.finish(parser);
                return BodyScanner.slice(start, parser);
            }
            if (top && field.equals("response") && value == JsonToken.START_OBJECT) {
                Slice inside = find(parser, false);
                if (inside != null) {
                    return inside;
                }
            } else {
                parser.skipChildren();
            }
        }
        return null;
    }
}
