package io.penstock.ingest.async;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.topics.id.AsyncKind;
import io.penstock.topics.line.BodyFields;
import io.penstock.topics.line.MalformedJson;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A call that is to be answered later: of which kind, whether its client wants a stream, and what the
/// engine is sent, which is the body with the values of `background`, `stream`, `stream_options` and
/// `store` changed and every other byte as it came. What comes later has no stream at the engine, and
/// what is kept is kept here.
@SuppressWarnings("ArrayRecordComponent") // reaches megabytes; never modified, never compared
record AsyncCall(AsyncKind kind, boolean stream, byte[] body, BodyFields fields, byte[] forEngine) {
    private static final String RESPONSES = "/v1/responses";
    private static final String RESPOND_ASYNC = "respond-async";

    /// The call to `path`, null if it is to be answered at once. `prefer` is its `Prefer` header.
    ///
    /// @throws ApiException 400 if it cannot be answered later
    static @Nullable AsyncCall of(String path, byte[] body, @Nullable String prefer) {
        boolean response = path.equals(RESPONSES);
        boolean preferred = prefers(prefer);
        if (!response && !preferred) {
            return null;
        }
        BodyFields fields = fields(body);
        boolean background = response && "true".equals(fields.text(body, "background"));
        if (!background && !preferred) {
            return null;
        }
        if (fields.repeats()) {
            throw new ApiException(
                    ErrorKind.BAD_REQUEST,
                    "The body has a field more than once; which one counts would be left to chance.");
        }
        if (background && "false".equals(fields.text(body, "store"))) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "A background response must be stored: 'store' must not be false.",
                    "store");
        }
        AsyncKind kind = background ? AsyncKind.RESPONSE : AsyncKind.REQUEST;
        return new AsyncCall(
                kind,
                "true".equals(fields.text(body, "stream")),
                body,
                fields,
                fields.spliced(body, changes(response, fields)));
    }

    /// True if a `Prefer` header (RFC 7240) names `respond-async`.
    static boolean prefers(@Nullable String prefer) {
        if (prefer == null) {
            return false;
        }
        for (String preference : prefer.split(",", -1)) {
            if (preference.split("[;=]", 2)[0].strip().equalsIgnoreCase(RESPOND_ASYNC)) {
                return true;
            }
        }
        return false;
    }

    /// Engines store a response unless told not to; of the other calls they store nothing.
    private static Map<String, String> changes(boolean response, BodyFields fields) {
        Map<String, String> changes = new LinkedHashMap<>();
        replace(changes, fields, "stream", "false");
        replace(changes, fields, "stream_options", "null");
        if (response) {
            replace(changes, fields, "background", "false");
            changes.put("store", "false");
        }
        return changes;
    }

    private static void replace(Map<String, String> changes, BodyFields fields, String name, String json) {
        if (fields.value(name) != null) {
            changes.put(name, json);
        }
    }

    private static BodyFields fields(byte[] body) {
        try {
            return BodyFields.of(body);
        } catch (MalformedJson e) {
            throw new ApiException(
                    ErrorKind.BAD_REQUEST, "We could not parse the JSON body of your request: " + e.getMessage());
        }
    }
}
