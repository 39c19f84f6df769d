package io.penstock.router.batches;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.router.batches.progress.Contents;
import io.penstock.topics.record.Batch;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is kept of a batch that ended `at`: all that is known of it for a while, then only that it was
/// there.
@JsonInclude(JsonInclude.Include.NON_NULL)
record EndedBatch(@Nullable Batch batch, Contents contents, Instant at) {
    /// True if nothing but its end is left.
    boolean isMarker() {
        return batch == null && contents.equals(Contents.NONE);
    }

    /// The same, nobody being told of it any more; its lines and segments may still be there.
    EndedBatch withoutBatch() {
        return new EndedBatch(null, contents, at);
    }

    /// The same without its content.
    EndedBatch marker() {
        return new EndedBatch(null, Contents.NONE, at);
    }
}
