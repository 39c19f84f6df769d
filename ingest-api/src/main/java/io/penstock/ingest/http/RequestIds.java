package io.penstock.ingest.http;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Under which a call is known: `requestId` in every answer and log, `clientRequestId` beside it where
/// the client sent `X-Client-Request-Id`.
public record RequestIds(String requestId, @Nullable String clientRequestId) {
    public static final String REQUEST_ID = "x-request-id";
    public static final String CLIENT_REQUEST_ID = "x-client-request-id";

    /// Of what the client sent in the two headers: an unusable request id is replaced by one of ours, an
    /// unusable client request id is not repeated.
    public static RequestIds of(@Nullable String requestId, @Nullable String clientRequestId) {
        return new RequestIds(
                requestId != null && requestId.matches("[\\x21-\\x7e]{1,512}")
                        ? requestId
                        : UUID.randomUUID().toString(),
                clientRequestId != null && isClientRequestId(clientRequestId) ? clientRequestId : null);
    }

    /// True for at most 512 printable ASCII characters.
    static boolean isClientRequestId(String id) {
        return id.matches("[\\x20-\\x7e]{0,512}");
    }
}
