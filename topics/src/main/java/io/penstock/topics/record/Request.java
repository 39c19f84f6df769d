package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.id.RequestId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A tagged inference call without its body; the body is the payload beside it, or lies at `bodyRef`.
///
/// `customId` is the client's own name for it. `url` is the API path, such as `/v1/chat/completions`.
/// `echo` holds the correlation headers (base64 values) that its result repeats.
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Request(
        RequestId id,
        @Nullable String customId,
        String url,
        Tag tag,
        @Nullable BodyRef bodyRef,
        Instant acceptedAt,
        Map<String, String> echo) {
    public Request {
        echo = echo == null ? Map.of() : Map.copyOf(echo);
    }

    /// The same request under another tag.
    public Request tagged(Tag newTag) {
        return new Request(id, customId, url, newTag, bodyRef, acceptedAt, echo);
    }
}
