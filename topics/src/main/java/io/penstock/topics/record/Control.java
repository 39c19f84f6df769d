package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.penstock.topics.id.BatchId;
import java.time.Instant;

/// An operator's or client's command on live work, sent to every partition of `control` and kept for
/// audit.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({@JsonSubTypes.Type(value = Control.CancelBatch.class, name = "cancel_batch")})
public sealed interface Control {
    /// End every unfinished request of `batch` as cancelled.
    record CancelBatch(BatchId batch, String by, Instant at) implements Control {}
}
