package io.penstock.topics.record;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.StoredFile.Segment;
import java.util.List;

/// Says that a batch needs these blobs, whatever becomes of the file they came from; a tombstone says
/// that it no longer does. Written in the transaction that makes it so.
public record Hold(List<Segment> segments) {
    public Hold {
        segments = List.copyOf(segments);
    }

    /// The key of the hold on `part` of a batch.
    public static String key(BatchId batch, String part) {
        return batch.value() + " " + part;
    }
}
