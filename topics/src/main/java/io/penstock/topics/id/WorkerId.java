package io.penstock.topics.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// A worker that keeps its name over restarts, such as a pod name. 1 to 200 visible ASCII characters.
public record WorkerId(@JsonValue String value) implements Comparable<WorkerId> {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public WorkerId {
        Ids.visibleAscii("worker", value, 200);
    }

    @Override
    public int compareTo(WorkerId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
