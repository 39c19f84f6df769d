package io.penstock.ingest.webhooks;

import io.penstock.ingest.webhooks.http.Reach;
import io.penstock.ingest.webhooks.policy.RetrySchedule;
import io.penstock.service.Settings;
import io.penstock.service.StartFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/// The settings of webhooks by their keys, and the record made of them.
public final class WebhooksSettings {
    private static final String DELAYS = "webhooks.retry.delays.ms";
    private static final ConfigDef.Range POSITIVE = ConfigDef.Range.atLeast(1);
    private static final ConfigDef.Importance HIGH = ConfigDef.Importance.HIGH;
    private static final ConfigDef.Importance LOW = ConfigDef.Importance.LOW;

    private WebhooksSettings() {}

    /// `def` with the keys of webhooks.
    public static ConfigDef define(ConfigDef def) {
        WebhooksConfig.Limits limits = WebhooksConfig.Limits.DEFAULT;
        return def.define(
                        "webhooks.key.file",
                        ConfigDef.Type.STRING,
                        "",
                        HIGH,
                        "File of the keys that signing secrets are encrypted with, one a line, each Base64 of 32 bytes;"
                                + " the first encrypts, every one decrypts. Empty: webhooks are off.")
                .define(
                        "webhooks.private.networks.allow",
                        ConfigDef.Type.BOOLEAN,
                        false,
                        HIGH,
                        "Allow endpoints on private, loopback and link-local addresses.")
                .define(
                        "webhooks.http.allow",
                        ConfigDef.Type.BOOLEAN,
                        false,
                        HIGH,
                        "Allow endpoints without TLS, http://.")
                .define(
                        "webhooks.timeout.ms",
                        ConfigDef.Type.LONG,
                        limits.timeout().toMillis(),
                        POSITIVE,
                        LOW,
                        "Time an endpoint gets to answer an attempt. In milliseconds.")
                .define(
                        DELAYS,
                        ConfigDef.Type.LIST,
                        limits.schedule().delays().stream()
                                .map(delay -> Long.toString(delay.toMillis()))
                                .collect(Collectors.joining(",")),
                        LOW,
                        "Delays before each attempt, up to a tenth longer by chance; after the last one the delivery"
                                + " has failed. In milliseconds.")
                .define(
                        "webhooks.concurrency.max",
                        ConfigDef.Type.INT,
                        limits.concurrencyMax(),
                        POSITIVE,
                        LOW,
                        "Attempts that run at a time in this process, at most.")
                .define(
                        "webhooks.endpoint.concurrency.max",
                        ConfigDef.Type.INT,
                        limits.endpointConcurrencyMax(),
                        POSITIVE,
                        LOW,
                        "Attempts that run at a time at one endpoint, at most.")
                .define(
                        "webhooks.pending.max",
                        ConfigDef.Type.INT,
                        limits.pendingMax(),
                        POSITIVE,
                        LOW,
                        "Deliveries that wait in this process, at most; beyond, the endpoint with the most loses its"
                                + " last.")
                .define(
                        "webhooks.endpoints.max",
                        ConfigDef.Type.INT,
                        limits.endpointsMax(),
                        POSITIVE,
                        LOW,
                        "Webhook endpoints of one tenant, at most.");
    }

    /// What `settings` say; null if webhooks are off.
    ///
    /// @throws ConfigException if the key file cannot be read
    public static @Nullable WebhooksConfig of(Settings settings) {
        String file = settings.text("webhooks.key.file");
        if (file.isEmpty()) {
            return null;
        }
        return new WebhooksConfig(
                box(Path.of(file)),
                new Reach(settings.flag("webhooks.private.networks.allow"), settings.flag("webhooks.http.allow")),
                new WebhooksConfig.Limits(
                        new RetrySchedule(delays(settings.list(DELAYS))),
                        settings.duration("webhooks.timeout.ms"),
                        settings.number("webhooks.concurrency.max"),
                        settings.number("webhooks.endpoint.concurrency.max"),
                        settings.number("webhooks.pending.max"),
                        settings.number("webhooks.endpoints.max")));
    }

    private static SecretBox box(Path file) {
        try {
            return SecretBox.of(file);
        } catch (IOException e) {
            throw StartFailure.unusable("webhooks.key.file", file, e);
        }
    }

    private static List<Duration> delays(List<String> texts) {
        try {
            return texts.stream().map(Long::valueOf).map(Duration::ofMillis).toList();
        } catch (NumberFormatException e) {
            throw new ConfigException(DELAYS, texts, "each delay must be a whole number of milliseconds");
        }
    }
}
