package io.penstock.router;

import io.penstock.service.AdminServer;
import io.penstock.service.Health;
import io.penstock.service.Metrics;
import io.penstock.service.Services;
import io.penstock.service.Settings;
import io.penstock.topics.catalogue.Topics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.common.config.ConfigException;

/// The router as a process: `--config FILE`, `--set key=value`.
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
        RouterApp router = new RouterApp(topics, config, new RouterMetrics(metrics), InstantSource.system());
        InetSocketAddress admin = new InetSocketAddress(settings.adminPort());
        Services services = new Services();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(services::close));
        services.start(new AdminServer(admin, metrics, List.of(new Health.Check("router", router::health))));
        services.start(router);
        router.awaitStopped();
        // A client whose threads kept dying leaves its work to other instances; the process must say so.
        System.exit(1);
    }
}
