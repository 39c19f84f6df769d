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
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    private static final ConfigDef DEF = new ConfigDef()
            .define(
                    "ingest.port",
                    ConfigDef.Type.INT,
                    8080,
                    ConfigDef.Range.between(0, 65535),
                    ConfigDef.Importance.HIGH,
                    "The port.")
            .define("ingest.wait.ms", ConfigDef.Type.LONG, 1500L, ConfigDef.Importance.LOW, "How long.")
            .define("engines", ConfigDef.Type.LIST, "", ConfigDef.Importance.HIGH, "Where.")
            .define("key.secret", ConfigDef.Type.PASSWORD, "ingest-default", ConfigDef.Importance.LOW, "The key.");

    @TempDir
    Path dir;

    @Test
    void laterLayersOverrideEarlierOnes() throws IOException {
        Path file = Files.writeString(dir.resolve("p"), "ingest.port=1\ningest.wait.ms=2\nengines=a,b\n");

        Settings settings = Settings.of(
                DEF,
                List.of("--config", file.toString(), "--set", "ingest.wait.ms=4"),
                Map.of("INGEST_PORT", "3", "HOME", "/"));

        assertThat(settings.number("ingest.port")).isEqualTo(3);
        assertThat(settings.duration("ingest.wait.ms")).hasMillis(4);
        assertThat(settings.list("engines")).containsExactly("a", "b");
    }

    @Test
    void aValueMayReferToASecretInAFile() throws IOException {
        Files.writeString(dir.resolve("password"), "s3$cret\\");
        Path file = Files.writeString(dir.resolve("keys.properties"), "api=from-file\n");

        Settings settings = Settings.of(
                DEF,
                List.of("--set", "key.secret=${file:" + file + ":api}"),
                Map.of("KAFKA_SASL_JAAS_CONFIG", "user=\"a\" password=\"${dir:" + dir + ":password}\";"));

        assertThat(settings.password("key.secret")).isEqualTo(new Password("from-file"));
        assertThat(settings.kafka(Settings.Client.PRODUCER))
                .containsEntry("sasl.jaas.config", "user=\"a\" password=\"s3$cret\\\";");
    }

    @Test
    void aReferenceToNothingStopsTheStart() {
        assertThatThrownBy(() -> Settings.of(
                        DEF, List.of("--set", "key.secret=${dir:" + dir.resolve("none") + ":password}"), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'key.secret'")
                .hasMessageContaining("none:password}");
        assertThatThrownBy(() ->
                        Settings.of(DEF, List.of("--set", "key.secret=${env::PENSTOCK_NO_SUCH_VARIABLE}"), Map.of()))
                .hasMessageContaining("there is nothing");
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
                DEF,
                List.of("--set", "kafka.producer.linger.ms=5", "--set", "kafka.security.protocol=SSL"),
                Map.of("KAFKA_BOOTSTRAP_SERVERS", "b:1"));

        Properties common = new Properties();
        common.put("bootstrap.servers", "b:1");
        common.put("security.protocol", "SSL");
        assertThat(settings.kafka(Settings.Client.CONSUMER)).isEqualTo(common);
        common.put("linger.ms", "5");
        assertThat(settings.kafka(Settings.Client.PRODUCER)).isEqualTo(common);
    }

    @Test
    void theEnvironmentTakesOurPrefixFirstAndIgnoresWhatIsNotOurs() throws IOException {
        Map<String, String> environment = Map.of(
                "INGEST_PORT", "tcp://10.0.0.11:8080",
                "INGEST_WAIT_MS", "5",
                "PENSTOCK_INGEST_WAIT_MS", "6",
                "PENSTOCK_HEAP", "1g",
                "KAFKA_PORT", "tcp://10.0.0.12:9092",
                "KAFKA_HEAP_OPTS", "-Xmx1g",
                "KAFKA_STREAMS_NUM_STREAM_THREADS", "3");

        Settings settings = Settings.load(DEF, null, environment, List.of());

        assertThat(settings.number("ingest.port")).isEqualTo(8080);
        assertThat(settings.duration("ingest.wait.ms")).hasMillis(6);
        assertThat(settings.kafka(Settings.Client.ADMIN)).isEmpty();
        assertThat(settings.kafka(Settings.Client.STREAMS)).isEqualTo(Map.of("num.stream.threads", "3"));
    }

    @Test
    void aRemovedKeyStopsTheStartWithItsAdvice() {
        List<Settings.Removed> removed = List.of(new Settings.Removed("ingest.sock", "use ingest.port"));

        assertThatThrownBy(() -> Settings.load(DEF, removed, null, Map.of(), List.of("ingest.sock=1")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'ingest.sock'")
                .hasMessageContaining("use ingest.port");
    }

    @Test
    void aPasswordIsHidden() throws IOException {
        Settings settings = Settings.load(DEF, null, Map.of("KEY_SECRET", "s3cret"), List.of());

        assertThat(settings.password("key.secret"))
                .hasToString("[hidden]")
                .hasFieldOrPropertyWithValue("value", "s3cret");
        assertThat(ConfigDocs.markdown("Ingest", DEF))
                .doesNotContain("ingest-default")
                .contains("[hidden]");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> Settings.load(DEF, dir.resolve("no.properties"), Map.of(), List.of()))
                .hasMessageContaining("no.properties");
    }

    @Test
    void anArgumentWithoutItsValueIsRefused() {
        assertThatThrownBy(() -> Settings.of(DEF, List.of("--config"), Map.of()))
                .hasMessageContaining("--config");
        assertThatThrownBy(() -> Settings.of(DEF, List.of("--set", "x"), Map.of()))
                .hasMessageContaining("'x'");
    }

    @Test
    void theDocsListEveryKey() {
        assertThat(ConfigDocs.markdown("Ingest", DEF))
                .contains(
                        "| `ingest.port` | int | `8080` | [0,...,65535] | The port. |", "| `engines` | list | none |");
    }
}
