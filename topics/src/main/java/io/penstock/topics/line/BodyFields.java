package io.penstock.topics.line;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/// The top-level fields of a request body, in their order, and where the value of each lies, counted
/// from the body's first byte. `end` is the offset of the brace that closes the body; `repeats` is true
/// if a name comes more than once, so that it depends on the reader which value counts.
public record BodyFields(Map<String, Slice> values, int end, boolean repeats) {
    /// The fields of `body`, which must be one JSON object.
    ///
    /// @throws MalformedJson if it is not
    public static BodyFields of(byte[] body) throws MalformedJson {
        try (JsonParser parser = BodyScanner.FACTORY.createParser(ObjectReadContext.empty(), body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedJson("The request body must be a JSON object.");
            }
            Map<String, Slice> values = new LinkedHashMap<>();
            boolean repeats = false;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                int start = BodyScanner.offset(parser.currentTokenLocation().getByteOffset());
                BodyScanner.finish(parser);
                repeats |= values.put(name, BodyScanner.slice(start, parser)) != null;
            }
            int end = BodyScanner.offset(parser.currentTokenLocation().getByteOffset());
            if (parser.nextToken() != null) {
                throw new MalformedJson("The request body has content after its JSON object.");
            }
            return new BodyFields(values, end, repeats);
        } catch (JacksonException e) {
            throw new MalformedJson(e.getOriginalMessage());
        }
    }

    /// Where the value of `name` lies; null if there is none.
    public @Nullable Slice value(String name) {
        return values.get(name);
    }
}
