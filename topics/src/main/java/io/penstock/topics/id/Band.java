package io.penstock.topics.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// The unit of priority partitioning, most urgent first.
///
/// An objective's integer priority decides it: above 0 is `high`, 0 is `normal`, below 0 is `low`. Only
/// `low` is *sheddable*: it gives way to the others when an engine is full (Gateway API Inference
/// Extension: priority < 0).
public enum Band {
    HIGH,
    NORMAL,
    LOW;

    /// The band of an objective's priority; an absent priority is 0.
    public static Band of(int priority) {
        return priority > 0 ? HIGH : priority == 0 ? NORMAL : LOW;
    }

    /// The band written as `wireName`; fails with the allowed names otherwise.
    @JsonCreator
    public static Band parse(String wireName) {
        for (Band band : values()) {
            if (band.wireName().equals(wireName)) {
                return band;
            }
        }
        throw new IllegalArgumentException("band must be high, normal or low, but was '" + wireName + "'");
    }

    /// The next more urgent band; `high` itself for `high`.
    public Band above() {
        return switch (this) {
            case HIGH, NORMAL -> HIGH;
            case LOW -> NORMAL;
        };
    }

    /// The band in topics, headers, metrics and JSON: `high`, `normal` or `low`.
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
