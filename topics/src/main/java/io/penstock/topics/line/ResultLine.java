package io.penstock.topics.line;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/// An OpenAI batch output line, taken apart: the counterpart of `OutputLine`. `statusCode`, `requestId`
/// and `body`, which says where the answer lies in the line, are an engine's; they are null where no
/// engine answered, and `errorCode` and `errorMessage` say why.
public record ResultLine(
        @Nullable Integer statusCode,
        @Nullable String requestId,
        @Nullable Slice body,
        @Nullable String errorCode,
        @Nullable String errorMessage) {
    /// The parts of `line`.
    ///
    /// @throws MalformedJson if it is not one JSON object
    public static ResultLine read(byte[] line) throws MalformedJson {
        try (JsonParser parser = BodyScanner.FACTORY.createParser(ObjectReadContext.empty(), line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedJson("This line is not a JSON object.");
            }
            Reader reader = new Reader();
            reader.object(parser, "");
            return new ResultLine(
                    reader.statusCode, reader.requestId, reader.body, reader.errorCode, reader.errorMessage);
        } catch (JacksonException e) {
            throw new MalformedJson(e.getOriginalMessage());
        }
    }

    private static final class Reader {
        private @Nullable Integer statusCode;
        private @Nullable String requestId;
        private @Nullable Slice body;
        private @Nullable String errorCode;
        private @Nullable String errorMessage;

        /// Reads the object that was just entered; `path` leads to it and ends with a dot.
        private void object(JsonParser parser, String path) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = path + parser.currentName();
                JsonToken value = parser.nextToken();
                field(name, value, parser);
            }
        }

        private void field(String name, JsonToken value, JsonParser parser) {
            int start = BodyScanner.offset(parser.currentTokenLocation().getByteOffset());
            boolean text = value == JsonToken.VALUE_STRING;
            switch (name) {
                case "response", "error" -> {
                    if (value == JsonToken.START_OBJECT) {
                        object(parser, name + ".");
                    } else {
                        BodyScanner.finish(parser);
                    }
                }
                case "response.status_code" ->
                    statusCode = value == JsonToken.VALUE_NUMBER_INT ? (Integer) parser.getIntValue() : null;
                case "response.request_id" -> requestId = text ? parser.getString() : null;
                case "response.body" -> {
                    BodyScanner.finish(parser);
                    body = BodyScanner.slice(start, parser);
                }
                case "error.code" -> errorCode = text ? parser.getString() : null;
                case "error.message" -> errorMessage = text ? parser.getString() : null;
                default -> BodyScanner.finish(parser);
            }
        }
    }
}
