package io.penstock.router;

import io.penstock.payload.LocalPayloadStore;
import io.penstock.router.batches.BatchesApp;
import io.penstock.router.batches.BatchesConfig;
import io.penstock.service.AdminServer;
import io.penstock.service.Health;
import io.penstock.service.Metrics;
import io.penstock.service.Service;
import io.penstock.service.Services;
import io.penstock.service.Settings;
import io.penstock.topics.catalogue.Topics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.config.ConfigException;

/// The router as a process: tag and ledger, and the batches application beside them; `--config FILE`,
/// `--set key=value`.
public final class RouterMain {
    private RouterMain() {}

    /// Runs until SIGTERM, or until the streams have stopped for good.
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws Exception {
        RouterSettings settings;
        RouterConfig config;
        Topics topics;
        try {
            settings = new RouterSettings(Settings.of(RouterSettings.definition(), List.of(args), System.getenv()));
            config = settings.router();
            topics = new Topics(settings.layout());
        } catch (ConfigException | IllegalArgumentException | IOException e) {
            System.err.println("stream-router: " + e.getMessage());
            System.exit(2);
            return;
        }
        Metrics metrics = new Metrics();
        InstantSource clock = InstantSource.system();
        Services services = new Services();
        CountDownLatch stopped = new CountDownLatch(1);
        List<Service> applications = new ArrayList<>();
        List<Health.Check> checks = new ArrayList<>();
        if (settings.runs("ledger")) {
            RouterApp router = new RouterApp(topics, config, new RouterMetrics(metrics), clock);
            router.onStopped(stopped::countDown);
            applications.add(router);
            checks.add(new Health.Check("router", router::health));
        }
        if (settings.runs("batches")) {
            LocalPayloadStore payloads = new LocalPayloadStore(settings.payloadDir(), clock);
            BatchesApp batches = new BatchesApp(topics, BatchesConfig.DEFAULT, settings.batches(), payloads, metrics);
            batches.onStopped(stopped::countDown);
            applications.add(batches);
            checks.add(batches.readiness());
        }
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(services::close));
        services.start(new AdminServer(new InetSocketAddress(settings.adminPort()), metrics, checks));
        for (Service application : applications) {
            services.start(application);
        }
        stopped.await();
        // A client whose threads kept dying leaves its work to other instances; the process must say
        // so.
        System.exit(1);
    }
}
