package io.penstock.standalone.crash;

import io.penstock.ingest.IngestMain;
import io.penstock.router.RouterMain;
import io.penstock.simulator.Simulator;
import io.penstock.simulator.SimulatorConfig;
import io.penstock.simulator.engine.EngineProfile;
import io.penstock.topics.admin.TopicsAdmin;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.worker.WorkerMain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/// A Penstock every program of which runs in a JVM of its own, so that each can be killed apart; the
/// simulated engines live in this one, so that their logs outlive them.
///
/// Settings are the defaults but for addresses, directories, the partitions and replicas of a single
/// broker, and a name for each instance.
public final class Cluster implements AutoCloseable {
    public static final String MODEL = "penstock/tiny";
    private static final int ENGINES = 2;

    /// Simulated seconds per second: a request takes about a second, so that many are always running.
    private static final double SPEED = 0.1;

    private final Path dir;
    private final ProgramClasses classes;
    private final int brokerPort = Programs.freePort();
    private final int apiPort = Programs.freePort();
    private final Programs programs;
    private final List<ChildJvm> brokers = new ArrayList<>();
    private final List<Simulator> engines = new ArrayList<>();
    private final List<Simulator> deadEngines = new ArrayList<>();

    /// Starts the broker and the engines, and creates the topics.
    Cluster(Path dir) throws IOException {
        this(dir, ProgramClasses.ofThisTest());
    }

    Cluster(Path dir, ProgramClasses classes) throws IOException {
        this.dir = dir;
        this.classes = classes;
        this.programs = new Programs(
                dir,
                classes,
                bootstrapServers(),
                List.of(
                        "topics.ledger.partitions=" + TopicLayout.STANDALONE.ledgerPartitions(),
                        "topics.work.partitions=" + TopicLayout.STANDALONE.workPartitions()));
        for (int i = 0; i < ENGINES; i++) {
            engines.add(Simulator.start(engine().withSeed(i)));
        }
    }

    ChildJvm broker() {
        Path data = dir.resolve("broker");
        ChildJvm broker = new ChildJvm(
                BrokerMain.class, dir.resolve("broker.log"), classes, List.of(data.toString(), "" + brokerPort));
        brokers.add(broker);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            new TopicsAdmin(admin, new Topics(TopicLayout.STANDALONE)).apply();
        }
        return broker;
    }

    ChildJvm ledger() {
        return router("ledger");
    }

    ChildJvm batches() {
        return router("batches");
    }

    ChildJvm worker(String name) {
        return programs.start(WorkerMain.class, name, List.of("worker.id=" + name, "engines=" + engineUrls()));
    }

    /// With `settings` of its own, each `key=value`.
    ChildJvm ingest(String... settings) {
        List<String> all =
                new ArrayList<>(List.of("ingest.host=127.0.0.1", "ingest.port=" + apiPort, "engines=" + engineUrls()));
        all.addAll(List.of(settings));
        return programs.start(IngestMain.class, "ingest", all);
    }

    String bootstrapServers() {
        return "127.0.0.1:" + brokerPort;
    }

    int apiPort() {
        return apiPort;
    }

    Path payloads() {
        return programs.payloads();
    }

    /// Where a router of this name keeps its state.
    Path state(String router) {
        return dir.resolve(router);
    }

    List<Simulator> engines() {
        return List.copyOf(engines);
    }

    /// Engines that have died, for their logs.
    List<Simulator> deadEngines() {
        return List.copyOf(deadEngines);
    }

    /// The engine dies as on SIGKILL.
    void killEngine(int index) {
        engines.get(index).kill();
    }

    /// A new engine takes the port of the dead one.
    void reviveEngine(int index) {
        Simulator dead = engines.get(index);
        deadEngines.add(dead);
        engines.set(index, Simulator.start(engine().withSeed(index).withPort(dead.port())));
    }

    /// True if the program's admin port answers 200 to `path`.
    boolean answers(ChildJvm child, String path) {
        return programs.answers(child, path);
    }

    void awaitReady(ChildJvm child) {
        programs.awaitReady(child);
    }

    /// The last warnings and errors of the brokers and of each program.
    Stream<String> complaints() {
        return Stream.concat(brokers.stream().flatMap(broker -> broker.complaints().stream()), programs.complaints());
    }

    @Override
    public void close() {
        programs.close();
        brokers.forEach(ChildJvm::close);
        engines.forEach(Simulator::kill);
    }

    private ChildJvm router(String application) {
        return programs.start(
                RouterMain.class,
                application,
                List.of(
                        "router.applications=" + application,
                        "router.instance.id=" + application,
                        "router.state.dir=" + state(application),
                        "topics.replicas=1",
                        "topics.min.insync.replicas=1"));
    }

    private String engineUrls() {
        return String.join(",", engines.stream().map(Simulator::baseUrl).toList());
    }

    private static SimulatorConfig engine() {
        return SimulatorConfig.defaults()
                .withProfile(EngineProfile.TINY)
                .withModels(MODEL)
                .withSpeedup(SPEED);
    }
}
