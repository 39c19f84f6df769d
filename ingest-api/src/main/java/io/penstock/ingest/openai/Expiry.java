package io.penstock.ingest.openai;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How long files live: `expires_after` of the Files API.
public final class Expiry {
    private static final long SECONDS_MIN = 3600;
    private static final long SECONDS_MAX = 2_592_000;

    private Expiry() {}

    /// The seconds of an upload's `expires_after[anchor]` and `expires_after[seconds]`: both or
    /// neither; null for neither.
    public static @Nullable Long ofForm(@Nullable String anchor, @Nullable String seconds) {
        if (anchor == null && seconds == null) {
            return null;
        }
        if (!"created_at".equals(anchor)) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE, "'expires_after[anchor]' must be 'created_at'.", "expires_after.anchor");
        }
        if (seconds == null || !seconds.matches("\\d{1,9}")) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "'expires_after[seconds]' must be a whole number.",
                    "expires_after.seconds");
        }
        return checked(Long.parseLong(seconds), SECONDS_MIN, SECONDS_MAX, "expires_after.seconds");
    }

    /// The seconds of `expires_after` in a JSON body; null if it is absent.
    static @Nullable Long ofJson(@Nullable JsonNode json) {
        if (json == null || json.isNull()) {
            return null;
        }
        JsonNode seconds = json.path("seconds");
        return ofForm(
                json.path("anchor").isString() ? json.path("anchor").asString() : "",
                seconds.isIntegralNumber() ? seconds.asString() : null);
    }

    static Long checked(long seconds, long min, long max, String field) {
        if (seconds < min || seconds > max) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "'" + field + "' must be " + min + " to " + max + ", but was " + seconds + ".",
                    field);
        }
        return seconds;
    }
}
