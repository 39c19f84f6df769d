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
import io.penstock.standalone.WholeTopic;
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
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A cluster that asks who is there (SASL/SCRAM, a client certificate, an OAuth token) and what they may do
/// (an authorizer without exceptions): each program under its own name, with the rights of
/// `k8s/penstock/files/acls.yaml`, its secrets in files and nothing but `kafka.*` settings to say so.
///
/// The three ways are taken one after the other on the same topics; the programs keep their names, and go on.
class KafkaSecurityIT {
    private static final String MODEL = "penstock/tiny";

    @TempDir
    static Path dir;

    private static final List<AutoCloseable> shared = new ArrayList<>();
    private static KafkaLogins logins;
    private static String address;
    private static Simulator engine;

    private final List<ChildJvm> programs = new ArrayList<>();
    private final List<Integer> adminPorts = new ArrayList<>();

    /// How the programs log in: the client's settings for a user, without the prefix `kafka.`.
    private interface Login {
        Map<String, String> of(String user) throws Exception;
    }

    @BeforeAll
    static void start() throws Exception {
        int port = Programs.freePort();
        logins = new KafkaLogins(dir, port);
        shared.add(logins);
        EmbeddedBroker broker = new EmbeddedBroker(dir.resolve("broker"), port, logins.brokerSettings());
        shared.add(broker);
        broker.start();
        address = broker.bootstrapServers();
        try (Admin admin = admin()) {
            SaslUsers.create(admin, dir);
        }
        try (Admin admin = Admin.create(client(logins.certificate("topics")))) {
            new TopicsAdmin(admin, new Topics(TopicLayout.STANDALONE)).apply();
        }
        engine = Simulator.start(
                SimulatorConfig.defaults().withProfile(EngineProfile.TINY).withModels(MODEL));
        shared.add(engine);
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable part : shared.reversed()) {
            part.close();
        }
    }

    @AfterEach
    void stopPrograms() {
        programs.forEach(ChildJvm::close);
    }

    @Test
    @Timeout(180)
    void eachProgramDoesItsWorkWithItsOwnRightsAndNoMore() throws Exception {
        worksWithItsOwnRightsAndNoMore(logins::scram);
    }

    @Test
    @Timeout(180)
    void theSameByClientCertificates() throws Exception {
        worksWithItsOwnRightsAndNoMore(
                user -> user.equals("router") ? logins.certificateStore(user) : logins.certificate(user));

        assertThatThrownBy(() -> read(logins.noCertificate(), "penstock.results"))
                .isInstanceOf(SslAuthenticationException.class);
    }

    @Test
    @Timeout(180)
    void theSameByOAuthTokens() throws Exception {
        worksWithItsOwnRightsAndNoMore(logins::token);

        assertThat(logins.tokensIssued()).isGreaterThanOrEqualTo(3);
        assertThatThrownBy(() -> read(logins.token(TokenIssuer.FORGER), "penstock.results"))
                .isInstanceOf(SaslAuthenticationException.class);
    }

    @Test
    @Timeout(120)
    void aModelThatAWorkerMayNotAnnounceIsAnnouncedOnceItMay() throws Exception {
        AclBinding forbidden = SaslUsers.forbidden("workers", "penstock.models", AclOperation.WRITE);
        try (Admin admin = admin()) {
            admin.createAcls(List.of(forbidden)).all().get();
            ChildJvm worker = program(
                    WorkerMain.class,
                    "workers",
                    logins::scram,
                    "worker.id=late",
                    "engines=" + engine.baseUrl(),
                    "model.aliases=late=" + MODEL);
            await().atMost(Duration.ofSeconds(60)).until(() -> worker.log().contains("a model was not announced"));
            admin.deleteAcls(List.of(forbidden.toFilter())).all().get();
        }

        try (KafkaConsumer<byte[], byte[]> models = consumer(logins.scram("ingest"))) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> WholeTopic.read(models, "penstock.models").stream()
                            .anyMatch(model -> new String(model.key(), StandardCharsets.UTF_8).equals("late")));
        }
    }

    private void worksWithItsOwnRightsAndNoMore(Login login) throws Exception {
        int api = Programs.freePort();
        var _ = program(
                RouterMain.class,
                "router",
                login,
                "router.state.dir=" + dir.resolve("state"),
                "router.instance.id=router",
                "topics.replicas=1",
                "topics.min.insync.replicas=1");
        var _ = program(WorkerMain.class, "workers", login, "worker.id=w", "engines=" + engine.baseUrl());
        var _ = program(IngestMain.class, "ingest", login, "ingest.port=" + api, "engines=" + engine.baseUrl());

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
        assertThat(programs)
                .allSatisfy(program -> assertThat(program.logOfThisLife())
                        .doesNotContain("AuthorizationException")
                        .doesNotContain("AuthenticationException"));
        assertThatThrownBy(() -> read(login.of("workers"), "penstock.results"))
                .isInstanceOf(TopicAuthorizationException.class);
        assertThatThrownBy(() -> read(login.of("ingest"), "penstock.work"))
                .isInstanceOf(TopicAuthorizationException.class);
        read(login.of("ingest"), "penstock.results");
    }

    private static Admin admin() {
        return Admin.create(SaslUsers.client(address, SaslUsers.ADMIN));
    }

    private ChildJvm program(Class<?> main, String user, Login login, String... own) throws Exception {
        int adminPort = Programs.freePort();
        adminPorts.add(adminPort);
        List<String> settings = new ArrayList<>(List.of(own));
        login.of(user).forEach((key, value) -> settings.add("kafka." + key + "=" + value));
        settings.add("payload.dir=" + dir.resolve("payloads"));
        settings.add("topics.ledger.partitions=" + TopicLayout.STANDALONE.ledgerPartitions());
        settings.add("topics.work.partitions=" + TopicLayout.STANDALONE.workPartitions());
        settings.add("admin.port=" + adminPort);
        ChildJvm program = new ChildJvm(
                main,
                dir.resolve(user + "-" + adminPort + ".log"),
                List.of("-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=" + logins.allowedUrls()),
                settings.stream()
                        .flatMap(setting -> Stream.of("--set", setting))
                        .toList());
        programs.add(program);
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

    private static void read(Map<String, String> login, String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(login)) {
            List<TopicPartition> partition = List.of(new TopicPartition(topic, 0));
            consumer.assign(partition);
            consumer.seekToBeginning(partition);
            consumer.poll(Duration.ofSeconds(5));
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, String> login) {
        return new KafkaConsumer<>(client(login), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /// `login` for a client that is none of ours: Kafka itself is told how to read secrets in files.
    private static Map<String, Object> client(Map<String, String> login) {
        Map<String, Object> settings = new HashMap<>(login);
        settings.put("config.providers", "dir");
        settings.put("config.providers.dir.class", DirectoryConfigProvider.class.getName());
        return settings;
    }
}
