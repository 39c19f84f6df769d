package io.penstock.router.tag;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A record on `requests.*` and how it came: where it lies, the band its topic stands for, and when it
/// was accepted.
@SuppressWarnings("ArrayRecordComponent") // the record's own bytes, read once
public record Arrival(Place place, Band band, Instant acceptedAt, HeaderView headers, byte @Nullable [] line) {
    /// Where a record lies.
    public record Place(String topic, int partition, long offset) {}

    /// True if its sender chose `id`, which it goes under; false for a record's place and a batch's line.
    boolean choseId(RequestId id) {
        return id.batch() == null && !id.equals(placeId());
    }

    /// The id of a record that brought none.
    RequestId placeId() {
        return RequestId.ofRecord(place.topic(), place.partition(), place.offset());
    }
}
