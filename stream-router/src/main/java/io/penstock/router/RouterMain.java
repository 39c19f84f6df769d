package io.penstock.router;

import io.penstock.payload.PayloadStore;
import io.penstock.payload.config.FirstContact;
import io.penstock.payload.config.PayloadSettings;
import io.penstock.router.batches.BatchesApp;
import io.penstock.service.AdminServer;
import io.penstock.service.Health;
import io.penstock.service.Metrics;
import io.penstock.service.Service;
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
        PayloadStore payloads;
        InstantSource clock = InstantSource.system();
        try {
            settings = new RouterSettings(Settings.of(RouterSettings.definition(), List.of(args), System.getenv()));
            config = settings.router();
            topics = new Topics(settings.layout());
            StartFailure.folder("router.state.dir", settings.stateDir());
            payloads = settings.runs("batches") ? PayloadSettings.open(settings.payloads(), clock) : null;
        } catch (ConfigException | IllegalArgumentException | IOException e) {
            System.err.println("stream-router: " + e.getMessage());
            System.exit(StartFailure.UNUSABLE);
            return;
        }
        Services services = new Services();
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(services::close));
        try {
            Metrics metrics = new Metrics();
            List<Service> applications = new ArrayList<>();
            List<Health.Check> checks = new ArrayList<>();
            if (settings.runs("ledger")) {
                RouterApp router = new RouterApp(topics, config, new RouterMetrics(metrics), clock);
                router.onStopped(stopped::countDown);
                applications.add(router);
                checks.add(new Health.Check("router", router::health));
            }
            if (payloads != null) {
                FirstContact contact = new FirstContact(payloads);
                BatchesApp batches =
                        new BatchesApp(topics, settings.batchesConfig(), settings.batches(), payloads, metrics);
                batches.onStopped(stopped::countDown);
                applications.add(batches);
                checks.add(batches.readiness());
                checks.add(new Health.Check("payload store", () -> Health.unless(contact.problem())));
            }
            services.start(new AdminServer(new InetSocketAddress(settings.adminPort()), metrics, checks));
            for (Service application : applications) {
                services.start(application);
            }
        } catch (KafkaException e) {
            System.err.println("stream-router: " + StartFailure.line(e));
            System.exit(StartFailure.status(e));
        }
        stopped.await();
        // A client whose threads kept dying leaves its work to other instances; the process must say
        // so.
        System.exit(1);
    }
}
