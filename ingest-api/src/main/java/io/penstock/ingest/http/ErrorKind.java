package io.penstock.ingest.http;

import org.jspecify.annotations.Nullable;

/// The catalogue of errors the API answers with; `docs/errors.md` is written from it.
///
/// OpenAI's clients repeat a call after 408, 409, 429 and 5xx unless `x-should-retry` says otherwise;
/// where repeating is useless, we say so.
public enum ErrorKind {
    NO_API_KEY(401, null, Retry.BY_STATUS, "The call brings no API key."),
    BAD_API_KEY(401, "invalid_api_key", Retry.BY_STATUS, "The API key is not one of those configured."),
    BAD_REQUEST(400, null, Retry.BY_STATUS, "The request is malformed; the message says how."),
    MISSING_PARAMETER(400, "missing_required_parameter", Retry.BY_STATUS, "A required field is absent."),
    INVALID_VALUE(400, "invalid_value", Retry.BY_STATUS, "A field has a value that is not allowed."),
    INVALID_TYPE(400, "invalid_type", Retry.BY_STATUS, "A field has another type than it must have."),
    NOT_ALLOWED(403, null, Retry.BY_STATUS, "The API key's tenant may not do this; operators may."),
    NOT_FOUND(404, null, Retry.BY_STATUS, "There is no such object, or it is another tenant's."),
    MODEL_NOT_FOUND(404, "model_not_found", Retry.BY_STATUS, "No engine serves the model."),
    UNKNOWN_URL(404, null, Retry.BY_STATUS, "The path is not part of the API."),
    METHOD_NOT_ALLOWED(405, null, Retry.BY_STATUS, "The path exists, but not with this method."),
    BODY_TOO_SLOW(
            408, null, Retry.BY_STATUS, "The body comes slower than the least pace; the message names the setting."),
    CONFLICT(409, null, Retry.NEVER, "The object's state does not allow it."),
    TOO_LARGE(413, null, Retry.BY_STATUS, "The body is larger than the limit; the message names the setting."),
    RANGE_NOT_SATISFIABLE(416, null, Retry.BY_STATUS, "The file does not reach into the range asked for."),
    STORAGE_QUOTA(
            429,
            "insufficient_quota",
            Retry.NEVER,
            "The tenant's files have no room for this one; the message names the setting."),
    WEBHOOK_TEST_FAILED(
            424,
            "webhook_test_failed",
            Retry.BY_STATUS,
            "The endpoint did not take the test event; the message says what came of it."),
    HEAD_TOO_LARGE(431, null, Retry.BY_STATUS, "The request's first line and headers are larger than the limit."),
    RESPONSES_FULL(
            429,
            "responses_full",
            Retry.NEVER,
            "As many answers are kept for later as may be (async.kept.max); delete some, or wait for them to expire."),
    SATURATED(
            429,
            "saturated",
            Retry.AFTER_FIVE_SECONDS,
            "Every engine that serves the model is full, and the call may not wait: it is of the low band, or too many"
                    + " wait (hold.calls.max, hold.bytes.max)."),
    HOLD_EXPIRED(
            429,
            "hold_expired",
            Retry.AFTER_FIVE_SECONDS,
            "The call waited for an engine with room as long as it may (hold.time.max.ms, x-llm-d-inference-ttl)."),
    INTERNAL(500, null, Retry.BY_STATUS, "A fault of ours; the log has it under the request id."),
    SWITCHED_OFF(501, "not_configured", Retry.NEVER, "The feature is switched off; the message names the setting."),
    UPSTREAM_FAILED(502, null, Retry.BY_STATUS, "The engine broke off, or does not take calls from Penstock."),
    OVERLOADED(503, "overloaded", Retry.AFTER_A_SECOND, "No engine is ready, or the log cannot be written now."),
    STORE_UNAVAILABLE(
            503,
            "store_unavailable",
            Retry.AFTER_A_SECOND,
            "The payload store is full or cannot be reached; see the log."),
    STOPPING(503, "stopping", Retry.AFTER_A_SECOND, "The server is stopping and closes the connection."),
    TIMEOUT(504, "timeout", Retry.BY_STATUS, "The engine took longer than call.timeout.ms.");

    /// Whether a client should repeat the call.
    enum Retry {
        BY_STATUS,
        NEVER,
        AFTER_A_SECOND,
        AFTER_FIVE_SECONDS
    }

    private final int status;
    private final @Nullable String code;
    private final Retry retry;
    private final String about;

    ErrorKind(int status, @Nullable String code, Retry retry, String about) {
        this.status = status;
        this.code = code;
        this.retry = retry;
        this.about = about;
    }

    /// The HTTP status.
    public int status() {
        return status;
    }

    /// `error.code`, null for the many that OpenAI leaves without one.
    public @Nullable String code() {
        return code;
    }

    /// `error.type`.
    public String type() {
        if (this == STORAGE_QUOTA) {
            return "insufficient_quota";
        }
        return status >= 500 ? "server_error" : status == 429 ? "requests" : "invalid_request_error";
    }

    /// What it means, for the docs.
    public String about() {
        return about;
    }

    Retry retry() {
        return retry;
    }

    /// The catalogue in Markdown.
    public static String markdown() {
        StringBuilder page = new StringBuilder("""
            # Errors

            Generated from `ErrorKind`; a test compares. Every error is OpenAI's envelope,
            `{"error":{"message","type","param","code"}}`, and carries `x-request-id`. `param` names the field, query parameter or line field
            at fault, and is null where there is none. What is to be repeated, OpenAI's clients repeat by themselves, twice.

            | status | type | code | repeat? | meaning |
            |---|---|---|---|---|
            """);
        for (ErrorKind kind : values()) {
            page.append("| ")
                    .append(kind.status)
                    .append(" | ")
                    .append(kind.type())
                    .append(" | ")
                    .append(kind.code == null ? "null" : "`" + kind.code + "`")
                    .append(" | ")
                    .append(
                            switch (kind.retry) {
                                case BY_STATUS -> kind.status >= 500 || kind.status == 408 ? "yes" : "no";
                                case NEVER -> "no (`x-should-retry: false`)";
                                case AFTER_A_SECOND -> "yes (`Retry-After: 1`)";
                                case AFTER_FIVE_SECONDS -> "yes (`Retry-After: 5`)";
                            })
                    .append(" | ")
                    .append(kind.about)
                    .append(" |\n");
        }
        return page.toString();
    }
}
