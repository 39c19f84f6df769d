package io.penstock.topics.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// One engine: one server, or one data-parallel rank. 1 to 256 visible ASCII characters.
public record EndpointId(@JsonValue String value) implements Comparable<EndpointId> {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public EndpointId {
        Ids.visibleAscii("endpoint", value, 256);
    }

    @Override
    public int compareTo(EndpointId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
