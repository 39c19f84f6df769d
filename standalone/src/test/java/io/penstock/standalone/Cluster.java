package io.penstock.standalone;

import io.penstock.ingest.IngestApi;
import io.penstock.ingest.IngestConfig;
import io.penstock.ingest.batches.BatchesApi.Observed;
import io.penstock.ingest.http.HttpServerConfig;
import io.penstock.payload.LocalPayloadStore;
import io.penstock.pool.Endpoint;
import io.penstock.router.RouterMain;
import io.penstock.service.Health;
import io.penstock.service.KafkaClients;
import io.penstock.service.Metrics;
import io.penstock.service.Services;
import io.penstock.simulator.Simulator;
import io.penstock.standalone.StandaloneOptions.Simulation;
import io.penstock.topics.admin.TopicsAdmin;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.ModelName;
import io.penstock.worker.WorkerMain;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;

/// A Penstock whose router and workers run in JVMs of their own, so that they can be killed; broker,
/// engines and API live in the test's.
final class Cluster implements AutoCloseable {
    static final String MODEL = Simulation.DEFAULT.model();

    private final Path dir;
    private final Services services = new Services();
    private final List<Simulator> simulators = new ArrayList<>();
    private final List<ChildJvm> children = new ArrayList<>();
    private final EmbeddedBroker broker;
    private final IngestApi api;

    Cluster(Path dir, Simulation simulation) throws Exception {
        this.dir = dir;
        broker = services.start(new EmbeddedBroker(dir.resolve("broker"), 0));
        Topics topics = new Topics(TopicLayout.STANDALONE);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            new TopicsAdmin(admin, topics).apply();
        }
        for (int i = 0; i < simulation.engines(); i++) {
            simulators.add(Simulator.start(simulation.config(i)));
        }
        List<Endpoint> endpoints = simulators.stream()
                .map(s -> Endpoint.at(URI.create(s.baseUrl())))
                .toList();
        InstantSource clock = InstantSource.system();
        HttpServerConfig http = HttpServerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        api = services.start(new IngestApi(
                IngestConfig.of(http, endpoints),
                KafkaClients.at(broker.bootstrapServers()),
                topics,
                new LocalPayloadStore(dir.resolve("payloads"), clock),
                new Observed(new Metrics(), clock)));
    }

    ChildJvm router(String name) {
        return child(
                RouterMain.class,
                name,
                List.of(
                        "router.instance.id=" + name,
                        "router.state.dir=" + dir.resolve(name),
                        "router.standbys=0",
                        "router.threads=1",
                        "topics.replicas=1",
                        "topics.min.insync.replicas=1"));
    }

    ChildJvm worker(String name) {
        String engines =
                String.join(",", simulators.stream().map(Simulator::baseUrl).toList());
        return child(WorkerMain.class, name, List.of("worker.id=" + name, "engines=" + engines));
    }

    void awaitReady() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .until(() -> api.catalogues() instanceof Health.Up && api.knowsModel(new ModelName(MODEL)));
    }

    URI apiUri() {
        return URI.create("http://127.0.0.1:" + api.port() + "/v1");
    }

    /// Inference requests that reached the engines, repeated ones included.
    long arrivals() {
        return simulators.stream().mapToLong(s -> s.requests().arrivals()).sum();
    }

    @Override
    public void close() {
        children.forEach(ChildJvm::close);
        services.close();
        simulators.forEach(Simulator::kill);
    }

    private ChildJvm child(Class<?> main, String name, List<String> own) {
        List<String> settings = new ArrayList<>(List.of(
                "kafka.bootstrap.servers=" + broker.bootstrapServers(),
                "payload.dir=" + dir.resolve("payloads"),
                "topics.ledger.partitions=" + TopicLayout.STANDALONE.ledgerPartitions(),
                "topics.work.partitions=" + TopicLayout.STANDALONE.workPartitions(),
                "admin.port=0"));
        settings.addAll(own);
        List<String> arguments = new ArrayList<>();
        settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
        ChildJvm child = new ChildJvm(main, dir.resolve(name + ".log"), arguments);
        children.add(child);
        return child;
    }
}
