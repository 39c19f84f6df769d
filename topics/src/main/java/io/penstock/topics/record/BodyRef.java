package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Where a request's body lies in the payload store: `length` bytes from byte `offset` of `blob`.
public record BodyRef(
        String blob, long offset, @JsonProperty("length") int lengthBytes) {
    public BodyRef {
        if (blob.isEmpty() || offset < 0 || lengthBytes < 2) {
            throw new IllegalArgumentException(
                    "body reference needs a blob, an offset from 0 and a length from 2 bytes, but was " + blob + " at "
                            + offset + ", " + lengthBytes + " bytes");
        }
    }
}
