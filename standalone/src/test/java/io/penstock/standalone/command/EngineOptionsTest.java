package io.penstock.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.payload.config.PayloadStoreConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class EngineOptionsTest {
    private static final Path DATA = Path.of("data");

    @Test
    void payloadsAreKeptWithTheDataUnlessToldOtherwise() throws IOException {
        assertThat(EngineOptions.payloads(DATA, List.of()))
                .isEqualTo(new PayloadStoreConfig.Directory(DATA.resolve("payloads")));
        assertThat(EngineOptions.payloads(DATA, List.of("payload.dir=/p")))
                .isEqualTo(new PayloadStoreConfig.Directory(Path.of("/p")));
        assertThat(EngineOptions.payloads(DATA, List.of("payload.store=s3", "payload.s3.bucket=b")))
                .isInstanceOfSatisfying(
                        PayloadStoreConfig.S3.class,
                        s3 -> assertThat(s3.config().location().bucket()).isEqualTo("b"));
    }

    @Test
    void aSettingOfNoPayloadStoreIsRefused() {
        assertThatThrownBy(() -> EngineOptions.payloads(DATA, List.of("payload.stor=s3")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("payload.stor");
    }
}
