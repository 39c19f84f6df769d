package io.penstock.topics.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// The engines of one base model and its adapters: the unit of scheduling. 1 to 200 visible ASCII
/// characters.
public record PoolName(@JsonValue String value) implements Comparable<PoolName> {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public PoolName {
        Ids.visibleAscii("pool", value, 200);
    }

    @Override
    public int compareTo(PoolName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
