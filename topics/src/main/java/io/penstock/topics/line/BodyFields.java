package io.penstock.topics.line;

import io.penstock.topics.catalogue.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
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

    /// The value of `name` in `body`, as it stands there; null if there is none.
    public @Nullable String text(byte[] body, String name) {
        Slice value = value(name);
        return value == null ? null : new String(body, value.offset(), value.length(), StandardCharsets.UTF_8);
    }

    /// `body`, to which these fields belong, with the JSON of `changes` in place of the values of those
    /// names; a name that is not there is added at the end. Every other byte stays as it is.
    public byte[] spliced(byte[] body, Map<String, String> changes) {
        Map<Slice, String> replaced = new TreeMap<>(Comparator.comparingInt(Slice::offset));
        StringBuilder added = new StringBuilder();
        changes.forEach((name, json) -> {
            Slice value = value(name);
            if (value != null) {
                replaced.put(value, json);
            } else {
                added.append(values.isEmpty() && added.isEmpty() ? "" : ",")
                        .append(Json.MAPPER.writeValueAsString(name))
                        .append(':')
                        .append(json);
            }
        });
        ByteArrayOutputStream result = new ByteArrayOutputStream(body.length + 256);
        int copied = 0;
        for (Map.Entry<Slice, String> change : replaced.entrySet()) {
            Slice value = change.getKey();
            result.write(body, copied, value.offset() - copied);
            result.writeBytes(change.getValue().getBytes(StandardCharsets.UTF_8));
            copied = value.offset() + value.length();
        }
        result.write(body, copied, end - copied);
        result.writeBytes(added.toString().getBytes(StandardCharsets.UTF_8));
        result.write(body, end, body.length - end);
        return result.toByteArray();
    }
}
