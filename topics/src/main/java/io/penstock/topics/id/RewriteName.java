package io.penstock.topics.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// A set of rules that give models other names (Kubernetes: InferenceModelRewrite). 1 to 253 visible
/// ASCII characters.
public record RewriteName(@JsonValue String value) implements Comparable<RewriteName> {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public RewriteName {
        Ids.visibleAscii("rewrite", value, 253);
    }

    @Override
    public int compareTo(RewriteName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
