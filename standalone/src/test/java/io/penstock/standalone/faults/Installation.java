package io.penstock.standalone.faults;

import io.penstock.ingest.IngestMain;
import io.penstock.router.RouterMain;
import io.penstock.simulator.Simulator;
import io.penstock.simulator.SimulatorConfig;
import io.penstock.simulator.engine.EngineProfile;
import io.penstock.standalone.crash.ChildJvm;
import io.penstock.standalone.crash.Cluster;
import io.penstock.standalone.crash.Programs;
import io.penstock.topics.admin.TopicsAdmin;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.worker.WorkerMain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/// A Penstock as it is run for real, on one machine: three brokers, and two routers (each with both
/// applications), two workers (each with an engine of its own) and two replicas of the API, with their
/// default settings; the simulated engines live in this JVM.
final class Installation implements AutoCloseable {
    private final Path dir;
    private final Brokers brokers;
    private final Programs programs;
    private final List<Simulator> engines = new ArrayList<>();
    private final List<Program> all = new ArrayList<>();
    private final List<Replica> replicas = new ArrayList<>();
    private final Set<Program> takenOut = ConcurrentHashMap.newKeySet();

    /// A program by the name it is logged under.
    record Program(String name, ChildJvm process) {}

    /// A replica of the API, and the port it serves.
    record Replica(Program program, int port) {}

    /// Starts it all and waits until it is ready. The engines' time passes at `speed` simulated seconds
    /// a second.
    Installation(Path dir, double speed) throws IOException {
        this.dir = dir;
        brokers = new Brokers(dir);
        programs = new Programs(dir, brokers.bootstrapServers(), List.of());
        try {
            applyTopics();
            for (int i = 1; i <= 2; i++) {
                engines.add(Simulator.start(SimulatorConfig.defaults()
                        .withProfile(EngineProfile.TINY)
                        .withModels(Cluster.MODEL)
                        .withSpeedup(speed)
                        .withSeed(i)));
            }
            for (int i = 1; i <= 2; i++) {
                startPair(i);
            }
            all.forEach(program -> programs.awaitReady(program.process()));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    Brokers brokers() {
        return brokers;
    }

    String bootstrapServers() {
        return brokers.bootstrapServers();
    }

    List<Simulator> engines() {
        return List.copyOf(engines);
    }

    /// Every program of Penstock.
    List<Program> programs() {
        return List.copyOf(all);
    }

    /// The programs whose names begin so.
    List<Program> programs(String kind) {
        return all.stream().filter(program -> program.name().startsWith(kind)).toList();
    }

    List<Replica> replicas() {
        return List.copyOf(replicas);
    }

    boolean isReady(Program program) {
        return programs.answers(program.process(), "/readyz");
    }

    /// True if a load balancer sends calls there: ready, and not about to be stopped.
    boolean isServing(Program program) {
        return !takenOut.contains(program) && isReady(program);
    }

    /// The load balancer sends no calls there any more, as before a pod is stopped.
    void takeOut(Program program) {
        takenOut.add(program);
    }

    void putBack(Program program) {
        takenOut.remove(program);
    }

    void awaitReady(Program program) {
        programs.awaitReady(program.process());
    }

    Path payloads() {
        return programs.payloads();
    }

    /// Where a router keeps its state.
    Path state(Program router) {
        return dir.resolve(router.name());
    }

    @Override
    public void close() throws IOException {
        programs.close();
        brokers.close();
        engines.forEach(Simulator::kill);
    }

    /// The topics as `penstock topics apply` makes them: three replicas.
    private void applyTopics() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            Faults.await("brokers that create topics")
                    .ignoreExceptionsInstanceOf(ExecutionException.class)
                    .until(() -> admin.describeCluster().nodes().get().size() == Brokers.COUNT);
            new TopicsAdmin(admin, new Topics(TopicLayout.PRODUCTION)).apply();
        }
    }

    private void startPair(int number) {
        String router = "stream-router-" + number;
        program(
                RouterMain.class,
                router,
                List.of("router.instance.id=" + router, "router.state.dir=" + dir.resolve(router)));
        String worker = "gpu-workers-" + number;
        program(
                WorkerMain.class,
                worker,
                List.of(
                        "worker.id=" + worker,
                        "engines=" + engines.get(number - 1).baseUrl()));
        int port = Programs.freePort();
        Program ingest = program(
                IngestMain.class,
                "ingest-api-" + number,
                List.of(
                        "ingest.host=127.0.0.1",
                        "ingest.port=" + port,
                        "engines="
                                + String.join(
                                        ",",
                                        engines.stream().map(Simulator::baseUrl).toList())));
        replicas.add(new Replica(ingest, port));
    }

    private Program program(Class<?> main, String name, List<String> own) {
        Program program = new Program(name, programs.start(main, name, own));
        all.add(program);
        return program;
    }
}
