package io.penstock.ingest.webhooks.policy;

import io.penstock.topics.id.AsyncKind;
import io.penstock.topics.record.ResponseStatus;
import io.penstock.topics.record.StoredResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The events of background responses: each way to end is one. Requests with `Prefer: respond-async` are
/// kept beside them, and have none.
public final class ResponseEvents {
    /// Every type there is.
    public static final List<String> TYPES =
            List.of("response.completed", "response.failed", "response.cancelled", "response.incomplete");

    private ResponseEvents() {}

    /// What the record tells, null while the response has not ended.
    public static @Nullable WebhookEvent of(StoredResponse response) {
        String type = type(response.status());
        return type == null || AsyncKind.of(response.id()) != AsyncKind.RESPONSE
                ? null
                : WebhookEvent.of(type, response.id().value(), response.tenant(), response.statusSince());
    }

    private static @Nullable String type(ResponseStatus status) {
        return switch (status) {
            case COMPLETED -> "response.completed";
            case FAILED -> "response.failed";
            case CANCELLED -> "response.cancelled";
            case INCOMPLETE -> "response.incomplete";
            case QUEUED, IN_PROGRESS, DELETED -> null;
        };
    }
}
