package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.standalone.client.BatchClient;
import io.penstock.standalone.client.BatchProgress;
import io.penstock.standalone.demo.LineAudit;
import io.penstock.standalone.demo.VariedLines;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Everything with its payloads on an S3 server, which is killed in the middle of a batch, stays away for a
/// while and comes back.
class S3StoreIT {
    private static final String MODEL = StandaloneOptions.Simulation.DEFAULT.model();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LINES = 800;

    @TempDir
    static Path dir;

    private static S3Process server;
    private static Standalone penstock;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        server = new S3Process(dir);
        penstock = Standalone.start(StandaloneOptions.in(dir.resolve("data"))
                .simulating(new StandaloneOptions.Simulation(2, "llama-3.1-8b-h100", MODEL, 20))
                .storing(server.config()));
    }

    @AfterAll
    static void stop() {
        penstock.close();
        server.close();
    }

    @Test
    @Timeout(300)
    void aBatchWaitsForTheStoreAndEveryLineIsAnsweredOnce() throws Exception {
        Path input = Files.write(dir.resolve("in.jsonl"), VariedLines.of(LINES, 0, MODEL, 7));
        try (BatchClient client = new BatchClient(penstock.apiUri())) {
            String id =
                    client.submit(client.upload(input), "/v1/chat/completions").id();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> client.batch(id).completed() > 50);

            server.kill();
            assertRefusedForNow(upload());
            Awaitility.await().atMost(PATIENCE).until(() -> returned() > 100);
            assertThat(client.batch(id)).satisfies(waiting -> {
                assertThat(waiting.status()).isEqualTo("in_progress");
                assertThat(waiting.completed()).isLessThan(LINES);
            });
            server.restart();

            Awaitility.await().atMost(PATIENCE).until(() -> client.batch(id).status(), "completed"::equals);
            assertWhole(client, client.batch(id));
            assertThat(upload().statusCode()).isEqualTo(200);
        }
        assertThat(dir.resolve("data/payloads")).doesNotExist();
    }

    private static void assertWhole(BatchClient client, BatchProgress end) throws IOException {
        assertThat(List.of(end.total(), end.completed(), end.failed())).containsExactly(LINES, LINES, 0);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        client.download(end.outputFileId(), output);
        Set<String> ids =
                IntStream.rangeClosed(1, LINES).mapToObj(i -> "line-" + i).collect(Collectors.toSet());
        LineAudit audit = LineAudit.of(ids, List.of(reader(output)));
        assertThat(audit.isExact()).as("%s", audit).isTrue();
    }

    private static void assertRefusedForNow(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(answer.body()).contains("store_unavailable");
    }

    private HttpResponse<String> upload() throws Exception {
        String form = Stream.of(
                        "--b",
                        "Content-Disposition: form-data; name=\"purpose\"",
                        "",
                        "user_data",
                        "--b",
                        "Content-Disposition: form-data; name=\"file\"; filename=\"f.txt\"",
                        "",
                        "content",
                        "--b--",
                        "")
                .collect(Collectors.joining("\r\n"));
        return http.send(
                HttpRequest.newBuilder(URI.create(penstock.apiUri() + "/files"))
                        .header("Content-Type", "multipart/form-data; boundary=b")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
    }

    /// Tickets that workers gave back so far.
    private double returned() throws Exception {
        String metrics = http.send(
                        HttpRequest.newBuilder(URI.create(penstock.adminUri() + "/metrics"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        return metrics.lines()
                .filter(line -> line.startsWith("penstock_worker_outcomes_total{") && line.contains("\"returned\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static BufferedReader reader(ByteArrayOutputStream bytes) {
        return new BufferedReader(
                new InputStreamReader(new ByteArrayInputStream(bytes.toByteArray()), StandardCharsets.UTF_8));
    }
}
