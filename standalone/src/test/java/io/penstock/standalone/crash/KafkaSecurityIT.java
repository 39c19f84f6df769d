package io.penstock.standalone.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.penstock.ingest.IngestMain;
import io.penstock.router.RouterMain;
import io.penstock.simulator.Simulator;
import io.penstock.simulator.SimulatorConfig;
import io.penstock.simulator.engine.EngineProfile;
import io.penstock.standalone.EmbeddedBroker;
import io.penstock.standalone.client.BatchClient;
import io.penstock.standalone.client.BatchJob;
import io.penstock.standalone.client.BatchProgress;
import io.penstock.standalone.demo.VariedLines;
import io.penstock.topics.admin.TopicsAdmin;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.worker.WorkerMain;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A cluster that asks who is there (SASL/SCRAM) and what they may do (an authorizer without exceptions):
/// each program under its own name, with the rights of `k8s/penstock/files/acls.yaml` and its password
/// in a file.
class KafkaSecurityIT {
    private static final String MODEL = "penstock/tiny";

    @TempDir
    Path dir;

    private final List<AutoCloseable> running = new ArrayList<>();
    private final List<Integer> adminPorts = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable part : running.reversed()) {
            part.close();
        }
    }

    @Test
    @Timeout(180)
    void eachProgramDoesItsWorkWithItsOwnRightsAndNoMore() throws Exception {
        String bootstrap = broker();
        try (Admin admin = Admin.create(SaslUsers.client(bootstrap, SaslUsers.ADMIN))) {
            SaslUsers.create(admin, dir);
        }
        try (Admin admin = Admin.create(SaslUsers.client(bootstrap, "topics"))) {
            new TopicsAdmin(admin, new Topics(TopicLayout.STANDALONE)).apply();
        }
        Simulator engine = Simulator.start(
                SimulatorConfig.defaults().withProfile(EngineProfile.TINY).withModels(MODEL));
        running.add(engine);
        int api = freePort();
        List<ChildJvm> programs = List.of(
                program(
                        RouterMain.class,
                        "router",
                        bootstrap,
                        "router.state.dir=" + dir.resolve("state"),
                        "topics.replicas=1",
                        "topics.min.insync.replicas=1"),
                program(WorkerMain.class, "workers", bootstrap, "worker.id=w", "engines=" + engine.baseUrl()),
                program(IngestMain.class, "ingest", bootstrap, "ingest.port=" + api, "engines=" + engine.baseUrl()));

        await().atMost(Duration.ofSeconds(90)).until(() -> adminPorts.stream().allMatch(KafkaSecurityIT::isReady));
        BatchProgress end;
        try (BatchClient client = new BatchClient(URI.create("http://127.0.0.1:" + api + "/v1"))) {
            end = new BatchJob(client)
                    .run(
                            Files.write(dir.resolve("in.jsonl"), VariedLines.of(50, 0, MODEL, 3)),
                            "/v1/chat/completions",
                            _ -> {});
        }

        assertThat(List.of(end.status(), end.completed())).containsExactly("completed", 50);
        assertThat(programs).allSatisfy(program -> assertThat(program.log()).doesNotContain("AuthorizationException"));
        assertThatThrownBy(() -> read(bootstrap, "workers", "penstock.results"))
                .isInstanceOf(TopicAuthorizationException.class);
        assertThatThrownBy(() -> read(bootstrap, "ingest", "penstock.work"))
                .isInstanceOf(TopicAuthorizationException.class);
        read(bootstrap, "ingest", "penstock.results");
    }

    private String broker() throws IOException {
        EmbeddedBroker broker = new EmbeddedBroker(dir.resolve("broker"), 0, SaslUsers.brokerSettings());
        running.add(broker);
        broker.start();
        return broker.bootstrapServers();
    }

    private ChildJvm program(Class<?> main, String user, String bootstrap, String... own) throws IOException {
        int adminPort = freePort();
        adminPorts.add(adminPort);
        List<String> arguments = new ArrayList<>();
        Stream.concat(
                        Stream.of(
                                "kafka.bootstrap.servers=" + bootstrap,
                                "kafka.security.protocol=SASL_PLAINTEXT",
                                "kafka.sasl.mechanism=SCRAM-SHA-512",
                                "kafka.sasl.jaas.config=" + SaslUsers.login(user, "${dir:" + dir + ":" + user + "}"),
                                "payload.dir=" + dir.resolve("payloads"),
                                "topics.ledger.partitions=" + TopicLayout.STANDALONE.ledgerPartitions(),
                                "topics.work.partitions=" + TopicLayout.STANDALONE.workPartitions(),
                                "admin.port=" + adminPort),
                        Stream.of(own))
                .forEach(setting -> arguments.addAll(List.of("--set", setting)));
        ChildJvm program = new ChildJvm(main, dir.resolve(user + ".log"), arguments);
        running.add(program);
        return program;
    }

    private static boolean isReady(int adminPort) {
        try {
            HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + adminPort + "/readyz")
                    .toURL()
                    .openConnection();
            return connection.getResponseCode() == 200;
        } catch (IOException _) {
            return false;
        }
    }

    private static void read(String bootstrap, String user, String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                SaslUsers.client(bootstrap, user), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partition = List.of(new TopicPartition(topic, 0));
            consumer.assign(partition);
            consumer.seekToBeginning(partition);
            consumer.poll(Duration.ofSeconds(5));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
