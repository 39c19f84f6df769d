package io.penstock.ingest.http;

import java.util.Map;

/// What stood in the places of a path template's `{names}`, decoded.
public record PathValues(Map<String, String> values) {
    public PathValues {
        values = Map.copyOf(values);
    }

    /// The value at `{name}`; the template must have it.
    public String get(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the path template has no {" + name + "}");
        }
        return value;
    }
}
