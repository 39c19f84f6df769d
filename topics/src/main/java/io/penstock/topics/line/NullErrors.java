package io.penstock.topics.line;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/// Takes `"error": null` out of an event of a stream: OpenAI's Java client takes any `error` in one for a
/// failure.
public final class NullErrors {
    private static final byte[] FIELD = "\"error\"".getBytes(StandardCharsets.US_ASCII);

    private NullErrors() {}

    /// `event` without a top-level `error` that is null, every other byte as it was; the same array if it
    /// has none, or is no JSON object.
    public static byte[] without(byte[] event) {
        Slice value = find(event);
        return value == null ? event : cut(event, value);
    }

    private static @Nullable Slice find(byte[] event) {
        try (JsonParser parser = BodyScanner.FACTORY.createParser(ObjectReadContext.empty(), event)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            Slice found = null;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean error = parser.currentName().equals("error");
                JsonToken value = parser.nextToken();
                if (error && value == JsonToken.VALUE_NULL) {
                    found = new Slice(
                            BodyScanner.offset(parser.currentTokenLocation().getByteOffset()), "null".length());
                }
                parser.skipChildren();
            }
            return found;
        } catch (JacksonException _) {
            return null;
        }
    }

    /// Cuts the field out with its value and one comma. A name that is written with escapes stays.
    private static byte[] cut(byte[] event, Slice value) {
        int from = before(event, before(event, value.offset()) - 1) - FIELD.length;
        int to = after(event, value.offset() + value.length());
        if (from < 0 || !Arrays.equals(event, from, from + FIELD.length, FIELD, 0, FIELD.length)) {
            return event;
        }
        if (event[to] == ',') {
            to = after(event, to + 1);
        } else if (event[before(event, from) - 1] == ',') {
            from = before(event, from) - 1;
        }
        byte[] rest = Arrays.copyOf(event, event.length - (to - from));
        System.arraycopy(event, to, rest, from, event.length - to);
        return rest;
    }

    /// Where the white space that ends before `at` begins.
    private static int before(byte[] event, int at) {
        int start = at;
        while (event[start - 1] <= ' ') {
            start--;
        }
        return start;
    }

    /// Where the white space from `at` ends.
    private static int after(byte[] event, int at) {
        int end = at;
        while (event[end] <= ' ') {
            end++;
        }
        return end;
    }
}
