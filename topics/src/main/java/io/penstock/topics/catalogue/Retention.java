package io.penstock.topics.catalogue;

import java.time.Duration;
import java.util.Map;

/// How long records of a topic are kept.
public sealed interface Retention {
    /// Kept for `age`, then deleted.
    record Delete(Duration age) implements Retention {}

    /// Kept for `age` since the broker got it, then deleted; records carry the broker's time, whatever clocks
    /// their writers have.
    record DeleteByArrival(Duration age) implements Retention {}

    /// The newest record of each key is kept for ever.
    record Compact() implements Retention {}

    /// The newest record of each key is kept for `age`, then deleted too.
    record CompactAndDelete(Duration age) implements Retention {}

    /// Kafka's topic settings that say the same.
    default Map<String, String> settings() {
        return switch (this) {
            case Delete(Duration age) ->
                Map.of("cleanup.policy", "delete", "retention.ms", Long.toString(age.toMillis()));
            case DeleteByArrival(Duration age) ->
                Map.of(
                        "cleanup.policy",
                        "delete",
                        "retention.ms",
                        Long.toString(age.toMillis()),
                        "message.timestamp.type",
                        "LogAppendTime");
            case Compact() -> Map.of("cleanup.policy", "compact");
            case CompactAndDelete(Duration age) ->
                Map.of("cleanup.policy", "compact,delete", "retention.ms", Long.toString(age.toMillis()));
        };
    }

    /// The same in words, for the docs.
    default String words() {
        return switch (this) {
            case Delete(Duration age) -> "delete after " + inWords(age);
            case DeleteByArrival(Duration age) -> "delete after " + inWords(age) + ", by the broker's time";
            case Compact() -> "compact";
            case CompactAndDelete(Duration age) -> "compact, delete after " + age.toDays() + " d";
        };
    }

    private static String inWords(Duration age) {
        return age.toDays() > 0 ? age.toDays() + " d" : age.toHours() + " h";
    }
}
