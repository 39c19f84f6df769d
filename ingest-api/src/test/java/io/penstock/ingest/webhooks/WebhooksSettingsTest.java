package io.penstock.ingest.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.ingest.webhooks.http.Reach;
import io.penstock.ingest.webhooks.policy.RetrySchedule;
import io.penstock.service.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhooksSettingsTest {
    @TempDir
    Path dir;

    @Test
    void webhooksAreOffWithoutAKeyFile() throws IOException {
        assertThat(read(Map.of())).isNull();
    }

    @Test
    void theDefaultsAreTheDefaults() throws IOException {
        assertThat(read(key())).isNotNull().satisfies(config -> {
            assertThat(config.reach()).isEqualTo(Reach.PUBLIC);
            assertThat(config.limits()).isEqualTo(WebhooksConfig.Limits.DEFAULT);
            assertThat(config.limits().schedule()).isEqualTo(RetrySchedule.STANDARD);
        });
    }

    @Test
    void everyKeyArrivesWhereItBelongs() throws IOException {
        Map<String, String> set = new HashMap<>(key());
        set.put("webhooks.private.networks.allow", "true");
        set.put("webhooks.http.allow", "true");
        set.put("webhooks.timeout.ms", "1000");
        set.put("webhooks.retry.delays.ms", "0,500");
        set.put("webhooks.concurrency.max", "2");
        set.put("webhooks.endpoint.concurrency.max", "1");
        set.put("webhooks.pending.max", "3");
        set.put("webhooks.endpoints.max", "4");
        assertThat(read(set)).isNotNull().satisfies(config -> {
            assertThat(config.reach()).isEqualTo(Reach.ANYWHERE);
            RetrySchedule schedule = new RetrySchedule(List.of(Duration.ZERO, Duration.ofMillis(500)));
            assertThat(config.limits())
                    .isEqualTo(new WebhooksConfig.Limits(schedule, Duration.ofSeconds(1), 2, 1, 3, 4));
        });
    }

    @Test
    void aDelayThatIsNoNumberIsNamed() throws IOException {
        Map<String, String> set = new HashMap<>(key());
        set.put("webhooks.retry.delays.ms", "0,5s");
        assertThatThrownBy(() -> read(set))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("webhooks.retry.delays.ms");
    }

    private Map<String, String> key() throws IOException {
        SecretBox _ = SecretBox.ofOrNew(dir.resolve("key"));
        return Map.of("webhooks.key.file", dir.resolve("key").toString());
    }

    private static @Nullable WebhooksConfig read(Map<String, String> set) throws IOException {
        return WebhooksSettings.of(Settings.of(WebhooksSettings.define(new ConfigDef()), null, Map.of(), set));
    }
}
