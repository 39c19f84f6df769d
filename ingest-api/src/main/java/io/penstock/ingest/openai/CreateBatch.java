package io.penstock.ingest.openai;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
        @Nullable String idempotencyKey) {
    /// What lines of a batch may be addressed to.
    public static final List<String> ENDPOINTS =
            List.of("/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses");

    private static final Pattern WINDOW = Pattern.compile("([1-9]\\d{0,5})([smhd])");
    private static final Duration WINDOW_MAX = Duration.ofDays(30);
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
                        : null);
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
                List.of(further));
    }

    /// The length of completion window `text`; anything but `24h` only if `anyWindow`.
    ///
    /// @throws ApiException naming `completion_window`
    public static Duration window(String text, boolean anyWindow) {
        Matcher window = WINDOW.matcher(text);
        if ((!text.equals("24h") && !anyWindow) || !window.matches()) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "Invalid value for 'completion_window': '" + text + "'. "
                            + (anyWindow ? "It must be a number and s, m, h or d." : "Supported values are: '24h'."),
                    "completion_window");
        }
        long count = Long.parseLong(window.group(1));
        Duration duration = switch (window.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
        if (duration.compareTo(WINDOW_MAX) > 0) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "'completion_window' must be at most 30d, but was '" + text + "'.",
                    "completion_window");
        }
        return duration;
    }

    private static @Nullable Map<String, String> metadata(@Nullable JsonNode json) {
        if (json == null || json.isNull()) {
            return null;
        }
        if (!json.isObject()) {
            throw new ApiException(
                    ErrorKind.INVALID_TYPE,
                    "Invalid type for 'metadata': expected an object, but got " + Json.kind(json) + " instead.",
                    "metadata");
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
                throw new ApiException(
                        ErrorKind.INVALID_TYPE,
                        "Invalid type for '" + field + "': expected a string, but got " + Json.kind(pair.getValue())
                                + " instead.",
                        field);
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
        JsonNode seconds = json.path("seconds");
        if (!"created_at".equals(json.path("anchor").asString("")) || !seconds.isIntegralNumber()) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "'output_expires_after' needs the anchor 'created_at' and a number of seconds.",
                    "output_expires_after");
        }
        return Expiry.checked(seconds.asLong(), OUTPUT_SECONDS_MIN, OUTPUT_SECONDS_MAX, "output_expires_after.seconds");
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
            JsonNode value = json.get(field);
            if (value == null || value.isNull()) {
                throw new ApiException(
                        ErrorKind.MISSING_PARAMETER, "Missing required parameter: '" + field + "'.", field);
            }
            if (!value.isString()) {
                throw new ApiException(
                        ErrorKind.INVALID_TYPE,
                        "Invalid type for '" + field + "': expected a string, but got " + kind(value) + " instead.",
                        field);
            }
            return value.asString();
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
