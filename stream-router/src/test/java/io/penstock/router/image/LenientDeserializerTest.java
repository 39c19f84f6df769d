package io.penstock.router.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.catalogue.JsonSerde;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.record.Objective;
import org.junit.jupiter.api.Test;

class LenientDeserializerTest {
    private static final JsonSerde<Objective> SERDE = new JsonSerde<>(Objective.class);
    private static final LenientDeserializer<Objective> LENIENT = new LenientDeserializer<>(SERDE.deserializer());

    @Test
    void whatCannotBeReadIsAbsentAndWhatCanIsReadAsEver() {
        Objective night = new Objective(new ObjectiveName("night"), -10);

        assertThat(LENIENT.deserialize("t", SERDE.serializer().serialize("t", night)))
                .isEqualTo(night);
        assertThat(LENIENT.deserialize("t", "no json".getBytes(UTF_8))).isNull();
        assertThat(LENIENT.deserialize("t", null)).isNull();
    }
}
