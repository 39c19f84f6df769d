package io.penstock.router.batches;

import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Usage;

/// What arrives for the owner of a batch, from whichever topic.
sealed interface Arrival {
    /// Somebody submitted it, or what this application wrote about it came back.
    record Announced(Batch batch) implements Arrival {}

    /// A command; it reaches every task, so the batch may be another's.
    record Commanded(Control control) implements Arrival {}

    /// Line `line` ended; `bytes` is its output line without a line feed.
    @SuppressWarnings("ArrayRecordComponent") // straight from the record to the store; never modified
    record Ended(int line, End end, Usage usage, byte[] bytes) implements Arrival {}
}
