package io.penstock.topics.catalogue;

import java.time.Duration;
import java.util.Map;

/// How long records of a topic are kept.
public sealed interface Retention {
    /// Kept for `age`, then deleted.
    record Delete(Duration age) implements Retention {}

    /// The newest record of each key is kept for ever.
    record Compact() implements Retention {}

    /// The newest record of each key is kept for `age`, then deleted too.
    record CompactAndDelete(Duration age) implements Retention {}

    /// Kafka's topic settings that say the same.
    default Map<String, String> settings() {
        return switch (this) {
            case Delete(Duration age) ->
                Map.of("cleanup.policy", "delete", "retention.ms", Long.toString(age.toMillis()));
            case Compact() -> Map.of("cleanup.policy", "compact");
            case CompactAndDelete(Duration age) ->
                Map.of("cleanup.policy", "compact,delete", "retention.ms", Long.toString(age.toMillis()));
        };
    }

    /// The same in words, for the docs.
    default String words() {
        return switch (this) {
            case Delete(Duration age) ->
                "delete after " + (age.toDays() > 0 ? age.toDays() + " d" : age.toHours() + " h");
            case Compact() -> "compact";
            case CompactAndDelete(Duration age) -> "compact, delete after " + age.toDays() + " d";
        };
    }
}
