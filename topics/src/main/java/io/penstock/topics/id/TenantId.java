package io.penstock.topics.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// Who a request belongs to; fairness and isolation are counted by it. 1 to 200 visible ASCII
/// characters.
public record TenantId(@JsonValue String value) implements Comparable<TenantId> {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public TenantId {
        Ids.visibleAscii("tenant", value, 200);
    }

    /// The tenant of requests that name none.
    public static final TenantId DEFAULT = new TenantId("default");

    @Override
    public int compareTo(TenantId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
