package io.penstock.topics.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// A model as clients name it, or as an engine serves it; may contain slashes. 1 to 256 visible ASCII
/// characters.
public record ModelName(@JsonValue String value) implements Comparable<ModelName> {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ModelName {
        Ids.visibleAscii("model", value, 256);
    }

    @Override
    public int compareTo(ModelName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
