package io.penstock.payload.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.payload.PayloadStore;
import io.penstock.payload.s3.S3Config;
import io.penstock.payload.s3.S3Config.S3Calls;
import io.penstock.payload.s3.S3Config.S3Parts;
import io.penstock.payload.s3.S3Credentials;
import io.penstock.payload.s3.S3Encryption;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayloadSettingsTest {
    private static final Map<String, String> S3 = Map.of("payload.store", "s3", "payload.s3.bucket", "payloads");

    @Test
    void payloadsAreInADirectoryUnlessToldOtherwise() {
        assertThat(read(Map.of("payload.dir", "/p"))).isEqualTo(new PayloadStoreConfig.Directory(Path.of("/p")));
    }

    @Test
    void aBucketNeedsItsNameOnly() {
        S3Config config = s3(S3);

        assertThat(config.location())
                .isEqualTo(new S3Config.Location("payloads", "penstock/", "us-east-1", null, false));
        assertThat(config.credentials()).isEqualTo(new S3Credentials.DefaultChain());
        assertThat(config.encryption()).isEqualTo(new S3Encryption.BucketDefault());
        assertThat(config.parts()).isEqualTo(S3Parts.DEFAULT);
        assertThat(config.calls()).isEqualTo(S3Calls.DEFAULT);
    }

    @Test
    void everySettingReachesTheStore() {
        Map<String, String> set = new HashMap<>(S3);
        set.put("payload.s3.prefix", "");
        set.put("payload.s3.region", "eu-central-1");
        set.put("payload.s3.endpoint", "http://minio:9000");
        set.put("payload.s3.path.style", "true");
        set.put("payload.s3.access.key", "a");
        set.put("payload.s3.secret.key", "s");
        set.put("payload.s3.encryption", "aws:kms");
        set.put("payload.s3.kms.key", "k");

        S3Config config = s3(set);

        assertThat(config.location())
                .isEqualTo(
                        new S3Config.Location("payloads", "", "eu-central-1", URI.create("http://minio:9000"), true));
        assertThat(config.credentials()).isEqualTo(new S3Credentials.Keys("a", "s"));
        assertThat(config.credentials().toString()).doesNotContain("s]").contains("a");
        assertThat(config.encryption()).isEqualTo(new S3Encryption.Kms("k"));
        set.remove("payload.s3.access.key");
        set.remove("payload.s3.secret.key");
        set.put("payload.s3.credentials.file", "/keys");
        assertThat(s3(set).credentials()).isEqualTo(new S3Credentials.KeyFile(Path.of("/keys")));
    }

    @ParameterizedTest
    @CsvSource({
        "payload.store, nfs, payload.store",
        "payload.s3.bucket, '', payload.s3.bucket",
        "payload.s3.prefix, /a/, payload.s3.prefix",
        "payload.s3.prefix, a, payload.s3.prefix",
        "payload.s3.region, '', payload.s3.region",
        "payload.s3.endpoint, minio:9000, payload.s3.endpoint",
        "payload.s3.endpoint, http://a b, payload.s3.endpoint",
        "payload.s3.access.key, a, payload.s3.secret.key",
        "payload.s3.secret.key, s, payload.s3.access.key",
        "payload.s3.encryption, SSE, payload.s3.encryption",
        "payload.s3.kms.key, k, payload.s3.encryption",
        "payload.s3.part.bytes, 1000, payload.s3.part.bytes",
        "payload.s3.parts.memory.bytes, 1000, payload.s3.parts.memory.bytes",
        "payload.s3.timeout.ms, 0, payload.s3.timeout.ms"
    })
    void aBadValueIsToldByItsSetting(String key, String value, String named) {
        Map<String, String> set = new HashMap<>(S3);
        set.put(key, value);

        assertThatThrownBy(() -> read(set)).isInstanceOf(ConfigException.class).hasMessageContaining(named);
    }

    @Test
    void twoKindsOfCredentialsExcludeEachOther() {
        Map<String, String> set = new HashMap<>(S3);
        set.put("payload.s3.access.key", "a");
        set.put("payload.s3.secret.key", "s");
        set.put("payload.s3.credentials.file", "/keys");

        assertThatThrownBy(() -> read(set)).isInstanceOf(ConfigException.class).hasMessageContaining("exclude");
    }

    @Test
    void aFolderThatCannotBeUsedIsToldByItsSettingPathAndReason(@TempDir Path dir) throws IOException {
        Path file = Files.createFile(dir.resolve("file"));

        assertThatThrownBy(() -> open(file.resolve("below")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("payload.dir: cannot open the payload store in " + file.resolve("below") + ": "
                        + file.resolve("below") + ": Not a directory");
        assertThatThrownBy(() -> open(Path.of("/proc/penstock")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("payload.dir: cannot open the payload store in /proc/penstock: ")
                .hasMessageContaining("/proc/penstock");
        open(dir.resolve("missing/parents")).close();
    }

    private static PayloadStore open(Path folder) {
        return PayloadSettings.open(read(Map.of("payload.dir", folder.toString())), InstantSource.system());
    }

    private static S3Config s3(Map<String, String> set) {
        return ((PayloadStoreConfig.S3) read(set)).config();
    }

    private static PayloadStoreConfig read(Map<String, String> set) {
        return PayloadSettings.of(new AbstractConfig(PayloadSettings.define(new ConfigDef()), set, false));
    }
}
