package io.penstock.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    private static final ConfigDef DEF = new ConfigDef()
            .define("ingest.port", ConfigDef.Type.INT, 8080, ConfigDef.Range.between(0, 65535), ConfigDef.Importance.HIGH, "The port.")
            .define("ingest.wait.ms", ConfigDef.Type.LONG, 1500L, ConfigDef.Importance.LOW, "How long.")
            .define("engines", ConfigDef.Type.LIST, "", ConfigDef.Importance.HIGH, "Where.");

    @TempDir
    Path dir;

    @Test
    void laterLayersOverrideEarlierOnes() throws IOException {
        Path file = Files.writeString(dir.resolve("p"), "ingest.port=1\ningest.wait.ms=2\nengines=a,b\n");

        Settings settings = Settings.of(DEF, List.of("--config", file.toString(), "--set", "ingest.wait.ms=4"), Map.of("INGEST_PORT", "3", "HOME", "/"));

        assertThat(settings.number("ingest.port")).isEqualTo(3);
        assertThat(settings.duration("ingest.wait.ms")).hasMillis(4);
        assertThat(settings.list("engines")).containsExactly("a", "b");
    }

    @Test
    void anUnknownKeyIsNamedWithItsNearest() {
        assertThatThrownBy(() -> Settings.of(DEF, List.of("--set", "ingest.prot=1"), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'ingest.prot'")
                .hasMessageContaining("'ingest.port'");
    }

    @Test
    void aBadValueIsRefusedWithItsBound() {
        assertThatThrownBy(() -> Settings.of(DEF, List.of("--set", "ingest.port=70000"), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("ingest.port")
                .hasMessageContaining("65535");
    }

    @Test
    void kafkaSettingsReachTheirClients() throws IOException {
        Settings settings = Settings.of(
                DEF, List.of("--set", "kafka.producer.linger.ms=5", "--set", "kafka.security.protocol=SSL"), Map.of("KAFKA_BOOTSTRAP_SERVERS", "b:1"));

        Properties common = new Properties();
        common.put("bootstrap.servers", "b:1");
        common.put("security.protocol", "SSL");
        assertThat(settings.kafka(Settings.Client.CONSUMER)).isEqualTo(common);
        common.put("linger.ms", "5");
        assertThat(settings.kafka(Settings.Client.PRODUCER)).isEqualTo(common);
    }

    @Test
    void theDocsListEveryKey() {
        assertThat(ConfigDocs.markdown("Ingest", DEF)).contains("`ingest.port` | `8080` | [0,...,65535] | The port.", "`engines` | none");
    }
}
