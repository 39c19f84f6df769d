package io.penstock.ingest.openai;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The fields of a small JSON body, which may be absent altogether, as clients send `POST` without one.
public final class Fields {
    private static final int WHY_CHARS_MAX = 512;

    private final JsonNode json;

    private Fields(JsonNode json) {
        this.json = json;
    }

    /// Reads `body`.
    ///
    /// @throws ApiException 400 if it is neither empty nor a JSON object
    public static Fields of(byte[] body) {
        boolean empty = new String(body, java.nio.charset.StandardCharsets.UTF_8).isBlank();
        return new Fields(empty ? JsonMapper.shared().createObjectNode() : CreateBatch.Json.object(body));
    }

    /// The string `name`, which must be there.
    public String text(String name) {
        return CreateBatch.Json.text(json, name);
    }

    /// The string `name`, null if it is absent.
    public @Nullable String optional(String name) {
        JsonNode value = json.get(name);
        return value == null || value.isNull() ? null : CreateBatch.Json.text(json, name);
    }

    /// The strings of array `name`, none if it is absent; at most `max` of them.
    public List<String> texts(String name, int max) {
        JsonNode array = json.get(name);
        if (array == null || array.isNull()) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        if (array.isArray()) {
            array.forEach(item -> texts.add(item.isString() ? item.asString() : ""));
        }
        if (!array.isArray() || texts.size() > max || texts.contains("")) {
            throw new ApiException(
                    ErrorKind.INVALID_TYPE, "'" + name + "' must be an array of at most " + max + " strings.", name);
        }
        return texts;
    }

    /// The flag `name`, `absent` if it is not there.
    public boolean flag(String name, boolean absent) {
        JsonNode value = json.get(name);
        if (value == null || value.isNull()) {
            return absent;
        }
        if (!value.isBoolean()) {
            throw new ApiException(
                    ErrorKind.INVALID_TYPE,
                    "Invalid type for '" + name + "': expected a boolean, but got " + CreateBatch.Json.kind(value)
                            + " instead.",
                    name);
        }
        return value.asBoolean();
    }

    /// Why a command is given, null if the client does not say.
    public @Nullable String why() {
        String why = optional("why");
        if (why != null && why.length() > WHY_CHARS_MAX) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE, "'why' has at most " + WHY_CHARS_MAX + " characters.", "why");
        }
        return why;
    }
}
