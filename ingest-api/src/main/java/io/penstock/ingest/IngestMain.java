package io.penstock.ingest;

import io.penstock.ingest.batches.BatchesApi.Observed;
import io.penstock.payload.LocalPayloadStore;
import io.penstock.pool.discovery.JvmDnsCache;
import io.penstock.service.AdminServer;
import io.penstock.service.KafkaClients;
import io.penstock.service.Metrics;
import io.penstock.service.Services;
import io.penstock.service.Settings;
import io.penstock.topics.catalogue.Topics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.config.ConfigException;

/// The API as a process: `--config FILE`, `--set key=value`.
public final class IngestMain {
    private IngestMain() {}

    /// Runs until SIGTERM.
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        JvmDnsCache.keepShortly();
        IngestSettings settings;
        IngestConfig config;
        KafkaClients kafka;
        try {
            Settings read = Settings.of(IngestSettings.definition(), List.of(arguments), System.getenv());
            settings = new IngestSettings(read);
            config = settings.ingest();
            kafka = KafkaClients.of(read);
        } catch (ConfigException | IllegalArgumentException | IOException e) {
            System.err.println("ingest-api: " + e.getMessage());
            System.exit(2);
            return;
        }
        Metrics metrics = new Metrics();
        InstantSource clock = InstantSource.system();
        LocalPayloadStore payloads = new LocalPayloadStore(settings.payloadDir(), clock);
        IngestApi api =
                new IngestApi(config, kafka, new Topics(settings.layout()), payloads, new Observed(metrics, clock));
        Services services = new Services();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(services::close));
        services.start(new AdminServer(new InetSocketAddress(settings.adminPort()), metrics, api.checks()));
        services.start(api);
        new CountDownLatch(1).await();
    }
}
