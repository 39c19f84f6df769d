package io.penstock.standalone.faults;

import io.penstock.standalone.crash.ChildJvm;
import io.penstock.standalone.faults.Installation.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/// All that goes wrong, in the order of the table.
final class Faults {
    /// How long a fault that lasts lasts.
    private static final Duration LASTS = Duration.ofSeconds(20);

    private static final Duration BETWEEN_ROLLS = Duration.ofSeconds(3);

    private Faults() {}

    static List<Fault> all() {
        return List.of(
                new Fault("none", "nothing, for comparison", _ -> Scene.pause(LASTS)),
                new Fault(
                        "broker-killed",
                        "the broker that is the active controller: SIGKILL, back after 20 s",
                        Faults::brokerKilled),
                new Fault(
                        "leaders-moved",
                        "every partition, Kafka's own included, gets another leader",
                        scene -> scene.note(scene.kafka().moveLeaders() + " partitions moved")),
                new Fault(
                        "broker-cut-off",
                        "the broker that is the active controller: cut off from brokers and clients for 20 s",
                        Faults::brokerCutOff),
                new Fault(
                        "router-killed",
                        "the router that owns the ledger: SIGKILL, back after 20 s",
                        Faults::routerKilled),
                new Fault(
                        "router-wiped",
                        "the router that owns the ledger: SIGKILL, its state wiped, restarted at once",
                        Faults::routerWiped),
                new Fault("routers-rolled", "routers: SIGTERM and restart, one by one", rolled("stream-router")),
                new Fault("workers-rolled", "workers: SIGTERM and restart, one by one", rolled("gpu-workers")),
                new Fault("ingest-rolled", "API: SIGTERM and restart, one by one", rolled("ingest-api")),
                new Fault("brokers-rolled", "brokers: SIGTERM and restart, one by one", Faults::brokersRolled),
                new Fault(
                        "store-gone", "payload store: every access of every program fails for 20 s", Faults::storeGone),
                new Fault(
                        "broker-disk-full",
                        "a broker: no write to its disk succeeds (`RLIMIT_FSIZE`), room again and restarted after 20 s",
                        Faults::diskFull),
                new Fault("kafka-down", "all three brokers: SIGKILL, back after 20 s", AllDown::run));
    }

    static ConditionFactory await(String what) {
        return Awaitility.await(what)
                .atMost(Duration.ofMinutes(2))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100));
    }

    private static void brokerKilled(Scene scene) {
        int id = scene.kafka().controller();
        ChildJvm broker = scene.installation().brokers().broker(id);
        broker.kill();
        Scene.pause(LASTS);
        broker.restart();
        scene.over();
        scene.note("broker " + id);
    }

    private static void brokerCutOff(Scene scene) {
        int id = scene.kafka().controller();
        scene.installation().brokers().cutOff(id);
        Scene.pause(LASTS);
        scene.installation().brokers().mend(id);
        scene.over();
        scene.note("broker " + id);
    }

    private static void routerKilled(Scene scene) {
        Program router = ledgerOwner(scene);
        router.process().kill();
        Scene.pause(LASTS);
        router.process().restart();
        scene.over();
    }

    private static void routerWiped(Scene scene) throws IOException {
        Program router = ledgerOwner(scene);
        router.process().kill();
        delete(scene.installation().state(router));
        router.process().restart();
    }

    private static Fault.Script rolled(String kind) {
        return scene -> {
            for (Program program : scene.installation().programs(kind)) {
                scene.roll(program);
                Scene.pause(BETWEEN_ROLLS);
            }
        };
    }

    /// The next one when all replicas are in sync again, as an operator does it.
    private static void brokersRolled(Scene scene) {
        for (ChildJvm broker : scene.installation().brokers().all()) {
            broker.terminate();
            broker.restart();
            await("all replicas in sync")
                    .ignoreExceptionsInstanceOf(IllegalStateException.class)
                    .until(scene.kafka()::isWhole);
            Scene.pause(BETWEEN_ROLLS);
        }
    }

    /// A file where the directory was: neither reading nor writing finds a way.
    private static void storeGone(Scene scene) throws IOException {
        Path store = scene.installation().payloads();
        Path away = store.resolveSibling("payloads-away");
        Files.move(store, away);
        Files.writeString(store, "no directory");
        Scene.pause(LASTS);
        Files.delete(store);
        Files.move(away, store);
        scene.over();
    }

    /// Kafka ends a broker whose only disk does not take a write.
    private static void diskFull(Scene scene) {
        int id = scene.kafka().controller() % Brokers.COUNT + 1;
        ChildJvm broker = scene.installation().brokers().broker(id);
        broker.fillDisk(1);
        Scene.pause(LASTS);
        scene.note("broker " + id + (broker.isAlive() ? " went on" : " ended itself"));
        if (broker.isAlive()) {
            broker.kill();
        }
        broker.restart();
        scene.over();
    }

    private static Program ledgerOwner(Scene scene) {
        String owner = scene.kafka().ledgerOwner();
        scene.note(owner);
        return scene.installation().programs(owner).getFirst();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
