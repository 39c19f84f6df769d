package io.penstock.topics.catalogue;

import io.penstock.topics.record.Envelope;
import java.util.Arrays;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/// Metadata as one line of JSON, a line feed, then the payload's bytes as they are (JSON written
/// without indentation holds no line feed, so the first one ends it). Readable by any language with a
/// split at the first `\n`.
public final class EnvelopeSerde<M> implements Serde<Envelope<M>> {
    private static final byte LINE_FEED = '\n';

    private final Class<M> type;
    private final ObjectReader reader;
    private final ObjectWriter writer;

    public EnvelopeSerde(Class<M> metaType) {
        this.type = metaType;
        this.reader = Json.MAPPER.readerFor(metaType);
        this.writer = Json.MAPPER.writerFor(metaType);
    }

    @Override
    public Serializer<Envelope<M>> serializer() {
        return (topic, envelope) -> {
            if (envelope == null) {
                return null;
            }
            byte[] meta = writer.writeValueAsBytes(envelope.meta());
            byte[] bytes = Arrays.copyOf(meta, meta.length + 1 + envelope.payload().length);
            bytes[meta.length] = LINE_FEED;
            System.arraycopy(envelope.payload(), 0, bytes, meta.length + 1, envelope.payload().length);
            return bytes;
        };
    }

    @Override
    public Deserializer<Envelope<M>> deserializer() {
        return (topic, bytes) -> bytes == null ? null : read(topic, bytes);
    }

    private Envelope<M> read(String topic, byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != LINE_FEED) {
            end++;
        }
        if (end == bytes.length) {
            throw new SerializationException("value on " + topic + " is no envelope: no line feed after the metadata");
        }
        try {
            M meta = reader.readValue(bytes, 0, end);
            return new Envelope<>(meta, Arrays.copyOfRange(bytes, end + 1, bytes.length));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new SerializationException(
                    "value on " + topic + " is no " + type.getSimpleName() + ": " + e.getMessage(), e);
        }
    }
}
