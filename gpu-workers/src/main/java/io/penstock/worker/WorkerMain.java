package io.penstock.worker;

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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;

/// A worker as a process: `--config FILE`, `--set key=value`.
public final class WorkerMain {
    private WorkerMain() {}

    /// Runs until SIGTERM, or until the worker's reports cannot be written any more.
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        JvmDnsCache.keepShortly();
        WorkerSettings settings;
        WorkerConfig config;
        KafkaClients kafka;
        PayloadStore payloads;
        InstantSource clock = InstantSource.system();
        try {
            Settings read = Settings.of(WorkerSettings.definition(), List.of(arguments), System.getenv());
            settings = new WorkerSettings(read);
            config = settings.worker();
            kafka = KafkaClients.of(read);
            payloads = PayloadSettings.open(settings.payloads(), clock);
        } catch (ConfigException | IllegalArgumentException | IOException e) {
            System.err.println("gpu-workers: " + e.getMessage());
            System.exit(StartFailure.UNUSABLE);
            return;
        }
        Metrics metrics = new Metrics();
        Topics topics = new Topics(settings.layout());
        FirstContact contact = new FirstContact(payloads);
        CompletableFuture<Worker> built = new CompletableFuture<>();
        Services services = new Services();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(services::close));
        // Before the worker is built, which waits for Kafka: the process lives meanwhile.
        services.start(new AdminServer(
                new InetSocketAddress(settings.adminPort()),
                metrics,
                List.of(
                        new Health.Check(
                                "worker",
                                () -> built.isDone() ? built.join().health() : new Health.Down("waiting for Kafka")),
                        new Health.Check("payload store", () -> Health.unless(contact.problem())))));
        Worker worker;
        try {
            worker = new Worker(config, kafka, topics, payloads, metrics, clock);
        } catch (KafkaException e) {
            System.err.println("gpu-workers: no Kafka at the start: " + StartFailure.line(e));
            System.exit(StartFailure.status(e));
            return;
        }
        built.complete(worker);
        services.start(worker);
        worker.awaitEnded();
        // The worker ended by itself: the process must say so, and be started anew under the same name.
        System.exit(1);
    }
}
