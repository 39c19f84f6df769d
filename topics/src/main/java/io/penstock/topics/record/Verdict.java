package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/// What became of one assignment, as the worker judges it.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Verdict.Answered.class, name = "answered"),
    @JsonSubTypes.Type(value = Verdict.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = Verdict.Broken.class, name = "broken"),
    @JsonSubTypes.Type(value = Verdict.Returned.class, name = "returned")
})
public sealed interface Verdict {
    /// The engine gave a final answer, good (2xx) or bad (4xx, 501); the payload is its body, a JSON
    /// object.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Answered(
            int status, String engineRequestId, @Nullable Usage usage) implements Verdict {}

    /// It cannot be run anywhere, and no engine said so: its stored body is gone, say.
    record Refused(ErrorCode code, String message) implements Verdict {}

    /// The engine failed (connection, 408, 500, 502, 504, aborted generation): costs an attempt.
    record Broken(String message) implements Verdict {}

    /// Backpressure (429, 503, no headroom, drained, evicted): costs no attempt and is never a client's
    /// answer. `retryAfterMs` is the engine's own wish, 0 if it had none. `yielded` if the worker took it back to
    /// make room for others, which the ledger counts.
    record Returned(
            String reason,
            long retryAfterMs,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean yielded) implements Verdict {
        /// Returned for another reason than yielding.
        public Returned(String reason, long retryAfterMs) {
            this(reason, retryAfterMs, false);
        }
    }
}
