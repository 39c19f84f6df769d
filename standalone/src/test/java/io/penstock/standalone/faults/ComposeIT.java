package io.penstock.standalone.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.standalone.Skip;
import io.penstock.standalone.client.BatchClient;
import io.penstock.standalone.client.BatchProgress;
import io.penstock.standalone.demo.LineAudit;
import io.penstock.standalone.demo.VariedLines;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.AppInfoParser;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `docker-compose.yml` as it stands: three brokers, two of each program, two simulated engines, in an image made of
/// the jars just built. It takes minutes, 5 GB and the file's own ports, so it runs only where it is asked for, by
/// `-Dcompose.it=true`.
@Timeout(600)
class ComposeIT {
    private static final String MODEL = "llama-3.1-8b";

    /// The two engines take 6 s for them at least.
    private static final int LINES = 3_000;

    private static final int FAILING = 30;
    private static final List<Integer> PORTS = List.of(8080, 8081, 19092, 29092, 39092);
    private static final Duration LOOK_UP = Duration.ofSeconds(20);

    @TempDir
    static Path dir;

    private static @Nullable Compose compose;

    @BeforeAll
    static void start() throws Exception {
        if (!Boolean.getBoolean("compose.it")) {
            Skip.because("the compose file is tried with -Dcompose.it=true alone (docs/running.md)");
        }
        Compose found = new Compose(dir.resolve("docker.log"));
        if (!found.succeeds(LOOK_UP, "info")) {
            Skip.because("no Docker engine is reachable: the compose file is not tried");
        }
        if (!found.succeeds(LOOK_UP, "compose", "version")) {
            Skip.because("there is no docker compose: the compose file is not tried");
        }
        obtain(found, "eclipse-temurin:25-jre");
        obtain(found, "apache/kafka:" + AppInfoParser.getVersion());
        for (int port : PORTS) {
            if (!isFree(port)) {
                Skip.because("port " + port + " of the compose file is taken: it is not tried");
            }
        }
        found.run(Duration.ofMinutes(5), "build", "--build-arg", "LIB=prebuilt", "topics");
        compose = found;
        found.run(Duration.ofMinutes(5), "up", "--no-build", "--wait", "--wait-timeout", "240");
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (compose != null) {
            compose.down();
        }
    }

    @Test
    void aBatchBesideChatOutlivesTheRouterThatOwnsItAndAWorker() throws Exception {
        Path input = Files.write(dir.resolve("in.jsonl"), VariedLines.of(LINES, FAILING, MODEL, 1));
        Compose running = Objects.requireNonNull(compose);

        try (BatchClient first = new BatchClient(api(8080));
                BatchClient second = new BatchClient(api(8081));
                SteadyChat chat = new SteadyChat(List.of(api(8080), api(8081)), MODEL)) {
            String batch =
                    first.submit(first.upload(input), "/v1/chat/completions").id();
            await(Duration.ofMinutes(2)).until(() -> first.batch(batch).completed() >= 50);
            running.run(LOOK_UP, "kill", ledgerOwner(), "gpu-workers-1");
            assertThat(second.batch(batch).completed()).isLessThan(LINES - FAILING);

            await(Duration.ofMinutes(3)).until(() -> second.batch(batch).status(), "completed"::equals);
            running.run(Duration.ofMinutes(3), "up", "--no-build", "--wait", "--wait-timeout", "120");

            BatchProgress end = second.batch(batch);
            assertThat(List.of(end.total(), end.completed(), end.failed()))
                    .containsExactly(LINES, LINES - FAILING, FAILING);
            LineAudit audit = LineAudit.of(
                    IntStream.rangeClosed(1, LINES).mapToObj(i -> "line-" + i).collect(Collectors.toSet()),
                    List.of(content(first, end.outputFileId()), content(second, end.errorFileId())));
            assertThat(audit.isExact()).as("%s", audit).isTrue();
            assertThat(chat.failures()).isEmpty();
            assertThat(chat.answered()).isPositive();
        }
    }

    private static String ledgerOwner() {
        try (KafkaView kafka = new KafkaView("localhost:" + PORTS.getLast())) {
            return kafka.ledgerOwner();
        }
    }

    private static ConditionFactory await(Duration patience) {
        return Awaitility.await()
                .atMost(patience)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptionsInstanceOf(IOException.class);
    }

    private static URI api(int port) {
        return URI.create("http://localhost:" + port + "/v1");
    }

    private static BufferedReader content(BatchClient client, @Nullable String file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        client.download(file, bytes);
        return new BufferedReader(new StringReader(bytes.toString(StandardCharsets.UTF_8)));
    }

    /// The image must be there, or a registry that has it; `docker/stand-in-images` makes one of that name.
    private static void obtain(Compose docker, String image) throws InterruptedException {
        if (!docker.succeeds(LOOK_UP, "image", "inspect", image)
                && !docker.succeeds(Duration.ofMinutes(2), "pull", "--quiet", image)) {
            Skip.because("the image " + image + " cannot be had: the compose file is not tried");
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException _) {
            return false;
        }
    }
}
