package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.penstock.topics.id.RequestId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the tag step makes of a record on `requests.*`.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Admission.Admitted.class, name = "admitted"),
    @JsonSubTypes.Type(value = Admission.Rejected.class, name = "rejected")
})
public sealed interface Admission {
    /// The request this is about.
    RequestId id();

    /// A request that can be run; its inline body, if any, is the payload.
    record Admitted(Request request) implements Admission {
        @Override
        public RequestId id() {
            return request.id();
        }
    }

    /// A request that cannot be run: unreadable, or for a model nobody serves. It ends in a failed
    /// result.
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Rejected(RequestId id, @Nullable String customId, ErrorCode code, String message, Map<String, String> echo)
            implements Admission {
        public Rejected {
            echo = echo == null ? Map.of() : Map.copyOf(echo);
        }
    }
}
