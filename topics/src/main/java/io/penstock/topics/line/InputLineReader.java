package io.penstock.topics.line;

import io.penstock.topics.catalogue.Json;
import io.penstock.topics.record.BodyRef;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.databind.DeserializationFeature;

/// Takes an OpenAI batch input line apart in one streaming pass.
public final class InputLineReader {
    private @Nullable String customId;
    private @Nullable String method;
    private @Nullable String url;
    private @Nullable Slice body;
    private @Nullable BodyRef bodyRef;
    private @Nullable BodyFacts facts;
    private LineOptions options = LineOptions.NONE;

    private final byte[] line;

    private InputLineReader(byte[] line) {
        this.line = line;
    }

    /// The parts of `line`; fields that are absent or not of their type are null.
    ///
    /// @throws MalformedJson if it is not one JSON object
    public static InputLine read(byte[] line) throws MalformedJson {
        try (JsonParser parser = BodyScanner.FACTORY.createParser(ObjectReadContext.empty(), line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedJson("This line is not a JSON object.");
            }
            InputLineReader reader = new InputLineReader(line);
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                reader.field(name, parser);
            }
            if (parser.nextToken() != null) {
                throw new MalformedJson("This line has content after its JSON object.");
            }
            return new InputLine(
                    reader.customId,
                    reader.method,
                    reader.url,
                    reader.body,
                    reader.bodyRef,
                    reader.facts,
                    reader.options);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new MalformedJson(e.getMessage());
        }
    }

    private void field(String name, JsonParser parser) {
        switch (name) {
            case "custom_id" -> customId = text(parser);
            case "method" -> method = text(parser);
            case "url" -> url = text(parser);
            case "body" -> body(parser);
            case "body_ref" -> bodyRef = parsed(parser, BodyRef.class);
            case "body_facts" -> {
                BodyFacts told = parsed(parser, BodyFacts.class);
                facts = body == null ? told : facts; // what the body itself says is what counts
            }
            case "penstock" -> options = LineOptions.read(parser);
            default -> BodyScanner.finish(parser);
        }
    }

    private void body(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            BodyScanner.finish(parser);
            return;
        }
        int start = BodyScanner.offset(parser.currentTokenLocation().getByteOffset());
        facts = BodyScanner.scanObject(parser, line).ofBodyAt(start);
        body = BodyScanner.slice(start, parser);
    }

    private static <T> T parsed(JsonParser parser, Class<T> type) {
        return Json.MAPPER
                .readerFor(type)
                .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .readValue(parser);
    }

    private static @Nullable String text(JsonParser parser) {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getString();
        }
        BodyScanner.finish(parser);
        return null;
    }
}
