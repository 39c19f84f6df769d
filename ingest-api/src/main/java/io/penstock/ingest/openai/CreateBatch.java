package io.penstock.ingest.openai;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.topics.record.BatchOptions;
import io.penstock.topics.record.Window;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The body of `POST /v1/batches`, validated. Unknown fields are passed over, as new SDK versions bring
/// some.
public record CreateBatch(
        String inputFileId,
        String endpoint,
        String completionWindow,
        Duration window,
        @Nullable Map<String, String> metadata,
        @Nullable Long outputExpiresAfterSeconds,
        @Nullable String idempotencyKey,
        BatchOptions options) {
    /// What lines of a batch may be addressed to.
    public static final List<String> ENDPOINTS =
            List.of("/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses");

    private static final int METADATA_PAIRS_MAX = 16;
    private static final int METADATA_KEY_CHARS_MAX = 64;
    private static final int METADATA_VALUE_CHARS_MAX = 512;
    private static final long OUTPUT_SECONDS_MIN = 3600;
    private static final long OUTPUT_SECONDS_MAX = 2_592_000;

    /// Reads `body`; `anyWindow` allows windows other than `24h`, such as `30m` or `2d`.
    ///
    /// @throws ApiException naming the field at fault
    public static CreateBatch parse(byte[] body, boolean anyWindow) {
        JsonNode json = Json.object(body);
        String endpoint = Json.text(json, "endpoint");
        if (!ENDPOINTS.contains(endpoint)) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "Invalid value: '" + endpoint + "'. Supported values are: " + supported() + ".",
                    "endpoint");
        }
        String window = Json.text(json, "completion_window");
        return new CreateBatch(
                Json.text(json, "input_file_id"),
                endpoint,
                window,
                window(window, anyWindow),
                metadata(json.get("metadata")),
                outputExpiry(json.get("output_expires_after")),
                json.path("idempotency_key").isString()
                        ? json.get("idempotency_key").asString()
                        : null,
                options(json));
    }

    private static String supported() {
        return "'" + String.join("', '", ENDPOINTS.subList(0, ENDPOINTS.size() - 1)) + "', and '" + ENDPOINTS.getLast()
                + "'";
    }

    /// By which a repeated submission is recognised, whatever the order of its fields.
    public String fingerprint(Object... further) {
        return Idempotency.fingerprint(
                inputFileId,
                endpoint,
                completionWindow,
                metadata == null ? "" : new TreeMap<>(metadata),
                String.valueOf(outputExpiresAfterSeconds),
                // As it was before there were options, so that a key used then is still the same.
                options.equals(BatchOptions.NONE) ? List.of(further) : List.of(List.of(further), options));
    }

    /// The length of completion window `text`; anything but `24h` only if `anyWindow`.
    ///
    /// @throws ApiException naming `completion_window`
    public static Duration window(String text, boolean anyWindow) {
        if (!text.equals("24h") && !anyWindow) {
            throw badWindow(text, "Supported values are: '24h'.");
        }
        try {
            return Window.parse(text);
        } catch (IllegalArgumentException e) {
            throw badWindow(text, String.valueOf(e.getMessage()));
        }
    }

    private static ApiException badWindow(String text, String rule) {
        return new ApiException(
                ErrorKind.INVALID_VALUE,
                "Invalid value for 'completion_window': '" + text + "'. " + rule,
                "completion_window");
    }

    private static @Nullable Map<String, String> metadata(@Nullable JsonNode json) {
        if (json == null || json.isNull()) {
            return null;
        }
        if (!json.isObject()) {
            throw Json.wrongType("metadata", "an object", json);
        }
        if (json.size() > METADATA_PAIRS_MAX) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "Invalid 'metadata': at most " + METADATA_PAIRS_MAX + " pairs are allowed, but got " + json.size()
                            + ".",
                    "metadata");
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        json.properties().forEach(pair -> {
            String field = "metadata." + pair.getKey();
            if (!pair.getValue().isString()) {
                throw Json.wrongType(field, "a string", pair.getValue());
            }
            if (pair.getKey().length() > METADATA_KEY_CHARS_MAX
                    || pair.getValue().asString().length() > METADATA_VALUE_CHARS_MAX) {
                throw new ApiException(
                        ErrorKind.INVALID_VALUE,
                        "Invalid '" + field + "': keys have at most 64 characters, values at most 512.",
                        field);
            }
            metadata.put(pair.getKey(), pair.getValue().asString());
        });
        return metadata;
    }

    private static @Nullable Long outputExpiry(@Nullable JsonNode json) {
        if (json == null || json.isNull()) {
            return null;
        }
        String field = "output_expires_after";
        if (!json.isObject()) {
            throw Json.wrongType(field, "an object", json);
        }
        String anchor = Json.text(json, "anchor", field + ".anchor");
        if (!anchor.equals("created_at")) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "Invalid value: '" + anchor + "'. Supported values are: 'created_at'.",
                    field + ".anchor");
        }
        JsonNode seconds = json.get("seconds");
        if (seconds == null || seconds.isNull()) {
            throw Json.missing(field + ".seconds");
        }
        if (!seconds.isIntegralNumber()) {
            throw Json.wrongType(field + ".seconds", "an integer", seconds);
        }
        return Expiry.checked(seconds.asLong(), OUTPUT_SECONDS_MIN, OUTPUT_SECONDS_MAX, field + ".seconds");
    }

    private static BatchOptions options(JsonNode json) {
        JsonNode invalid = json.get("on_invalid_line");
        String onInvalid =
                invalid == null || invalid.isNull() ? "fail" : Json.text(json, "on_invalid_line", "on_invalid_line");
        if (!onInvalid.equals("fail") && !onInvalid.equals("skip")) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "Invalid value: '" + onInvalid + "'. Supported values are: 'fail' and 'skip'.",
                    "on_invalid_line");
        }
        return new BatchOptions(
                onInvalid.equals("skip"), Json.flag(json, "dry_run"), Json.flag(json, "reuse_identical"));
    }

    /// Reads fields of request bodies, refusing in OpenAI's words.
    static final class Json {
        private Json() {}

        static JsonNode object(byte[] body) {
            JsonNode json;
            try {
                json = JsonMapper.shared().readTree(body);
            } catch (JacksonException e) {
                throw new ApiException(
                        ErrorKind.BAD_REQUEST,
                        "We could not parse the JSON body of your request. (HINT: This likely means you aren't using"
                                + " your HTTP library correctly. "
                                + e.getOriginalMessage() + ")");
            }
            if (json == null || !json.isObject()) {
                throw new ApiException(
                        ErrorKind.BAD_REQUEST,
                        "We could not parse the JSON body of your request: it must be a JSON object.");
            }
            return json;
        }

        static String text(JsonNode json, String field) {
            return text(json, field, field);
        }

        /// The string `field`, which must be there; errors call it `param`.
        static String text(JsonNode json, String field, String param) {
            JsonNode value = json.get(field);
            if (value == null || value.isNull()) {
                throw missing(param);
            }
            if (!value.isString()) {
                throw wrongType(param, "a string", value);
            }
            return value.asString();
        }

        /// The boolean `field`, false if it is absent or null.
        static boolean flag(JsonNode json, String field) {
            JsonNode value = json.get(field);
            if (value != null && !value.isNull() && !value.isBoolean()) {
                throw wrongType(field, "a boolean", value);
            }
            return value != null && value.isBoolean() && value.booleanValue();
        }

        static ApiException missing(String param) {
            return new ApiException(ErrorKind.MISSING_PARAMETER, "Missing required parameter: '" + param + "'.", param);
        }

        static ApiException wrongType(String param, String expected, JsonNode value) {
            return new ApiException(
                    ErrorKind.INVALID_TYPE,
                    "Invalid type for '" + param + "': expected " + expected + ", but got " + kind(value) + " instead.",
                    param);
        }

        static String kind(JsonNode json) {
            return json.isArray()
                    ? "an array"
                    : json.isObject()
                            ? "an object"
                            : json.isNumber()
                                    ? "a number"
                                    : json.isBoolean() ? "a boolean" : json.isNull() ? "null" : "a string";
        }
    }
}
