package io.penstock.ingest.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "300ms, PT0.3S",
        "1.5s, PT1.5S",
        "1m30s, PT1M30S",
        "1h2m3s4ms5us6ns, PT1H2M3.004005006S",
        "+.5s, PT0.5S",
        "2.s, PT2S",
        "7µs, PT0.000007S",
        "99999999999999h, PT2562047H47M16.854775807S",
    })
    void whatGoWritesIsRead(String text, Duration duration) {
        assertThat(GoDuration.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "-1s", "1 s", "s", "1d", "0", "0s", "1s1", "0.0000000001ns"})
    void everythingElseIsRefused(String text) {
        assertThatThrownBy(() -> GoDuration.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
