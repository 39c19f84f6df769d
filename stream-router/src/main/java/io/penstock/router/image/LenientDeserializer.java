package io.penstock.router.image;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes what cannot be decoded for absent, and says so in the log.
///
/// Global stores need it: with a dead letter topic configured, Kafka Streams 4.3.1 fails over an
/// undecodable record on their topics (a ClassCastException in
/// `RecordDeserializer.handleDeserializationFailure`) and takes the client down at every start.
record LenientDeserializer<T>(Deserializer<T> strict) implements Deserializer<T> {
    private static final Logger LOG = LoggerFactory.getLogger(LenientDeserializer.class);

    @Override
    public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
        try {
            return bytes == null ? null : strict.deserialize(topic, bytes);
        } catch (SerializationException e) {
            LOG.atWarn().addKeyValue("topic", topic).setCause(e).log("undecodable record is taken for absent");
            return null;
        }
    }
}
