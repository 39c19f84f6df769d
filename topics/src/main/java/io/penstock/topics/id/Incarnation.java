package io.penstock.topics.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// One life of a worker: a new one for each start, so that a restarted worker is told from its former
/// self.
public record Incarnation(@JsonValue String value) implements Comparable<Incarnation> {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Incarnation {
        Ids.visibleAscii("incarnation", value, 64);
    }

    /// A fresh incarnation: 128 random bits in hexadecimal.
    public static Incarnation random() {
        return new Incarnation(UUID.randomUUID().toString().replace("-", ""));
    }

    @Override
    public int compareTo(Incarnation other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
