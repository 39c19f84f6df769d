package io.penstock.ingest;

import io.penstock.ingest.batches.BatchesApi.Observed;
import io.penstock.payload.PayloadStore;
import io.penstock.payload.config.FirstContact;
import io.penstock.payload.config.PayloadSettings;
import io.penstock.pool.discovery.JvmDnsCache;
import io.penstock.service.AdminServer;
import io.penstock.service.Health;
import io.penstock.service.KafkaClients;
import io.penstock.service.Metrics;
import io.penstock.service.Services;
import io.penstock.service.Settings;
import io.penstock.service.StartFailure;
import io.penstock.topics.catalogue.Topics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.KafkaException;
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
        PayloadStore payloads;
        InstantSource clock = InstantSource.system();
        try {
            Settings read = Settings.of(IngestSettings.definition(), List.of(arguments), System.getenv());
            settings = new IngestSettings(read);
            config = settings.ingest();
            kafka = KafkaClients.of(read);
            payloads = PayloadSettings.open(settings.payloads(), clock);
        } catch (ConfigException | IllegalArgumentException | IOException e) {
            System.err.println("ingest-api: " + e.getMessage());
            System.exit(StartFailure.UNUSABLE);
            return;
        }
        Services services = new Services();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(services::close));
        try {
            start(services, settings, config, kafka, payloads, clock);
        } catch (KafkaException e) {
            System.err.println("ingest-api: " + StartFailure.line(e));
            System.exit(StartFailure.status(e));
        }
        new CountDownLatch(1).await();
    }

    private static void start(
            Services services,
            IngestSettings settings,
            IngestConfig config,
            KafkaClients kafka,
            PayloadStore payloads,
            InstantSource clock)
            throws Exception {
        Metrics metrics = new Metrics();
        FirstContact contact = new FirstContact(payloads);
        IngestApi api =
                new IngestApi(config, kafka, new Topics(settings.layout()), payloads, new Observed(metrics, clock));
        List<Health.Check> checks = new ArrayList<>(api.checks());
        // Chat needs no payloads: an API that can serve it is not kept out of service for their sake.
        checks.add(new Health.Check("engines or payload store", () -> switch (api.engines()) {
            case Health.Up up -> up;
            case Health.Down(String engines) ->
                Health.unless(contact.problem().map(problem -> engines + "; " + problem));
        }));
        services.start(new AdminServer(new InetSocketAddress(settings.adminPort()), metrics, checks));
        services.start(api);
    }
}
