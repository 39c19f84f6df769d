package io.penstock.topics.yaml;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/// A value of a YAML document and the line, from 1, it begins at.
public sealed interface YamlValue {
    int line();

    /// Fields in the order they were written.
    record Mapping(int line, Map<String, YamlValue> fields) implements YamlValue {}

    record Items(int line, List<YamlValue> values) implements YamlValue {
        public Items {
            values = List.copyOf(values);
        }
    }

    record Text(int line, String value) implements YamlValue {}

    record Figure(int line, BigDecimal value) implements YamlValue {}

    record Flag(int line, boolean value) implements YamlValue {}

    /// `null`, or nothing at all.
    record Nothing(int line) implements YamlValue {}

    /// What it is, for messages.
    default String words() {
        return switch (this) {
            case Mapping _ -> "a mapping";
            case Items _ -> "a list";
            case Text text -> "\"" + shortened(text.value()) + "\"";
            case Figure figure -> shortened(figure.value().toString());
            case Flag flag -> Boolean.toString(flag.value());
            case Nothing _ -> "nothing";
        };
    }

    private static String shortened(String text) {
        return text.length() <= 64 ? text : text.substring(0, 64) + "…";
    }
}
