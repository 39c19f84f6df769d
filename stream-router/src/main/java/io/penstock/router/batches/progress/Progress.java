package io.penstock.router.batches.progress;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.Usage;
import org.jspecify.annotations.Nullable;

/// The part of a batch's state that every result changes: about 600 bytes, whatever the batch's size.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Progress(
        Counts counts,
        @Nullable Usage usage,
        Expansion expansion,
        int ended,
        Output output,
        Output errors,
        boolean someExpired) {
    /// Nothing done.
    static final Progress NONE = new Progress(Counts.NONE, null, Expansion.NONE, 0, Output.EMPTY, Output.EMPTY, false);
}
