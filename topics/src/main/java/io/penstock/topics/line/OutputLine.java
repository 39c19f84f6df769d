package io.penstock.topics.line;

import io.penstock.topics.catalogue.Json;
import io.penstock.topics.id.RequestId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;

/// The OpenAI batch output line, written around an answer whose bytes stay as the engine sent them.
public final class OutputLine {
    private OutputLine() {}

    /// A line for an engine's answer, good or bad: `response` is set, `error` is null. `body` must be a
    /// JSON value.
    public static byte[] answered(
            RequestId id, @Nullable String customId, int status, String engineRequestId, byte[] body) {
        ByteArrayOutputStream line = start(id, customId, body.length);
        text(
                line,
                ",\"response\":{\"status_code\":" + status + ",\"request_id\":" + quoted(engineRequestId)
                        + ",\"body\":");
        for (byte b : body) {
            // A line feed between JSON tokens means nothing, but would end the line; inside a string it
            // cannot stand raw.
            line.write(b == '\n' || b == '\r' ? ' ' : b);
        }
        text(line, "},\"error\":null}");
        return line.toByteArray();
    }

    /// A line for a request no engine answered: `response` is null, `error` says why.
    public static byte[] unanswered(RequestId id, @Nullable String customId, String code, String message) {
        ByteArrayOutputStream line = start(id, customId, message.length());
        text(line, ",\"response\":null,\"error\":{\"code\":" + quoted(code) + ",\"message\":" + quoted(message) + "}}");
        return line.toByteArray();
    }

    /// The line `answer` as request `id`'s own: with its id and `custom_id`, and everything behind these byte
    /// for byte. `answer` must have been written here.
    public static byte[] readdressed(byte[] answer, RequestId id, String customId) {
        try (JsonParser parser = BodyScanner.FACTORY.createParser(ObjectReadContext.empty(), answer)) {
            parser.nextToken();
            while (!"custom_id".equals(parser.nextName())) {
                BodyScanner.finish(parser);
            }
            parser.nextToken();
            BodyScanner.finish(parser);
            int rest = BodyScanner.offset(parser.currentLocation().getByteOffset());
            ByteArrayOutputStream line = start(id, customId, answer.length);
            line.write(answer, rest, answer.length - rest);
            return line.toByteArray();
        }
    }

    private static ByteArrayOutputStream start(RequestId id, @Nullable String customId, int bodyBytes) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(bodyBytes + 256);
        text(
                line,
                "{\"id\":" + quoted(wireId(id)) + ",\"custom_id\":" + (customId == null ? "null" : quoted(customId)));
        return line;
    }

    /// `batch_req_` and 32 hexadecimal digits that are always the same for the same request.
    private static String wireId(RequestId id) {
        return "batch_req_" + HexFormat.of().toHexDigits(hash(id, 0xcbf29ce484222325L))
                + HexFormat.of().toHexDigits(hash(id, 0x9e3779b97f4a7c15L));
    }

    /// FNV-1a over the id's bytes from the given basis.
    private static long hash(RequestId id, long basis) {
        long hash = basis;
        for (byte b : id.value().getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    private static String quoted(String text) {
        return Json.MAPPER.writeValueAsString(text);
    }

    private static void text(ByteArrayOutputStream line, String text) {
        line.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
