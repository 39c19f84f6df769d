package io.penstock.router.batches;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.record.Batch;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is kept of a batch that ended `at`: all that is known of it for a while, then only that it was
/// there.
@JsonInclude(JsonInclude.Include.NON_NULL)
record EndedBatch(@Nullable Batch batch, Instant at) {
    /// The same without its content.
    EndedBatch marker() {
        return new EndedBatch(null, at);
    }
}
