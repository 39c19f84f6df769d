package io.penstock.topics.catalogue;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/// Identifiers as UTF-8 text, validated on the way in.
final class IdSerde {
    private IdSerde() {}

    static <T> Serde<T> of(Function<String, T> parse, Function<T, String> text) {
        return Serdes.serdeFrom(
                (topic, id) -> id == null ? null : text.apply(id).getBytes(StandardCharsets.UTF_8),
                (topic, bytes) -> bytes == null ? null : parsed(topic, parse, bytes));
    }

    private static <T> @Nullable T parsed(String topic, Function<String, T> parse, byte[] bytes) {
        try {
            return parse.apply(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new SerializationException("key on " + topic + ": " + e.getMessage(), e);
        }
    }
}
