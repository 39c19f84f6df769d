package io.penstock.topics.record;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.StoredFile.Segment;
import java.util.List;

/// Says that a batch or a response needs these blobs, whatever becomes of the file they came from; a tombstone says
/// that it no longer does. Written in the transaction that makes it so.
public record Hold(List<Segment> segments) {
    public Hold {
        segments = List.copyOf(segments);
    }

    /// The key of the hold on the input of a request whose answer is asked for later.
    public static String key(RequestId response) {
        return response.value() + " input";
    }

    /// The key of the hold on `part` of a batch.
    public static String key(BatchId batch, String part) {
        return batch.value() + " " + part;
    }
}
