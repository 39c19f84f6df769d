package io.penstock.topics.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// A named service goal (Kubernetes: InferenceObjective), from which a request's priority comes. 1 to
/// 253 visible ASCII characters.
public record ObjectiveName(@JsonValue String value) implements Comparable<ObjectiveName> {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ObjectiveName {
        Ids.visibleAscii("objective", value, 253);
    }

    /// The objective of requests that name none: priority 0.
    public static final ObjectiveName DEFAULT = new ObjectiveName("default");

    /// What batches are run for that name no objective.
    public static final ObjectiveName BATCH = new ObjectiveName("batch");

    @Override
    public int compareTo(ObjectiveName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
