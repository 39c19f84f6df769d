package io.penstock.topics.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.topics.record.Cost;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

class JsonTest {
    private record Every(
            @Nullable String text,
            int number,
            long big,
            double real,
            boolean flag,
            @Nullable Instant when,
            @Nullable List<String> list) {}

    private record Nothing() {}

    @Test
    void aRecordComesBackAsItWas() {
        Every every = new Every("a", 1, 2L << 40, 0.5, true, Instant.ofEpochMilli(1_700_000_000_123L), List.of("b"));
        assertThat(read(Json.MAPPER.writeValueAsString(every), Every.class)).isEqualTo(every);
        assertThat(read("{}", Nothing.class)).isEqualTo(new Nothing());
    }

    @Test
    void whatIsAbsentOrNullIsZeroFalseOrNullAndUnknownFieldsAreIgnored() {
        Every empty = new Every(null, 0, 0, 0, false, null, null);
        assertThat(read("{}", Every.class)).isEqualTo(empty);
        assertThat(read("{\"number\":null,\"flag\":null,\"newer\":{\"x\":[1]}}", Every.class))
                .isEqualTo(empty);
    }

    @Test
    void whatAConstructorRefusesIsAnErrorOfJsonThatSaysWhy() {
        assertThatThrownBy(() -> read("{\"promptTokens\":-1,\"outputTokens\":2}", Cost.class))
                .isInstanceOf(JacksonException.class)
                .hasMessageContaining("tokens must not be negative: prompt -1");
    }

    private static <T> T read(String json, Class<T> type) {
        return Json.MAPPER.readValue(json, type);
    }
}
