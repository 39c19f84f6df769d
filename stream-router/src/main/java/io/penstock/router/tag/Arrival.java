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

    /// The id of a record that brought none.
    RequestId placeId() {
        return RequestId.ofRecord(place.topic(), place.partition(), place.offset());
    }
}
