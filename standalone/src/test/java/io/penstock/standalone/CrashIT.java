package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.standalone.StandaloneOptions.Simulation;
import io.penstock.standalone.client.BatchClient;
import io.penstock.standalone.client.BatchProgress;
import io.penstock.standalone.demo.LineAudit;
import io.penstock.standalone.demo.VariedLines;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A batch outlives whatever dies in its middle: nothing missing, nothing twice, and work goes on
/// within 20 s.
@Timeout(300)
class CrashIT {
    private static final int LINES = 1500;
    private static final Duration RESUMED_WITHIN = Duration.ofSeconds(20);

    @TempDir
    Path dir;

    private Cluster cluster;
    private ChildJvm router;
    private ChildJvm worker;
    private BatchClient client;
    private String batch;

    @BeforeEach
    void startABatch() throws Exception {
        cluster = new Cluster(dir, new Simulation(2, "llama-3.1-8b-a100-40g", Cluster.MODEL, 2));
        router = cluster.router("router-1");
        worker = cluster.worker("worker-1");
        cluster.awaitReady();
        client = new BatchClient(cluster.apiUri());
        Path input = Files.write(dir.resolve("in.jsonl"), VariedLines.of(LINES, 5, Cluster.MODEL, 7));
        batch = client.submit(client.upload(input), "/v1/chat/completions").id();
        awaitDone(LINES / 10, Duration.ofMinutes(1));
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    @Test
    void aKilledWorkerThatComesBackGoesOnAtOnce() throws Exception {
        worker.kill();
        int done = progress().done();
        worker.restart();

        awaitDone(done + 20, RESUMED_WITHIN);
        assertEveryLineOnce();
    }

    @Test
    void aKilledWorkersTicketsGoToAnotherOne() throws Exception {
        cluster.worker("worker-2");
        worker.kill();
        int done = progress().done();

        awaitDone(done + 20, RESUMED_WITHIN);
        assertEveryLineOnce();
    }

    @Test
    void aKilledRouterGoesOnWhereItsLogEnds() throws Exception {
        router.kill();
        int done = progress().done();
        router.restart();

        awaitDone(done + 20, RESUMED_WITHIN);
        assertEveryLineOnce();
    }

    @Test
    void routerAndWorkerKilledTogetherTwiceLoseNothing() throws Exception {
        for (int round = 0; round < 2; round++) {
            router.kill();
            worker.kill();
            int done = progress().done();
            worker.restart();
            router.restart();
            awaitDone(Math.min(LINES, done + 20), Duration.ofSeconds(40));
        }
        assertEveryLineOnce();
    }

    @Test
    void aTerminatedWorkerDrainsAndAnotherOneFinishes() throws Exception {
        cluster.worker("worker-2");
        worker.terminate();

        assertEveryLineOnce();
        assertThat(cluster.arrivals()).as("a drained worker repeats no request").isEqualTo(LINES);
    }

    private void assertEveryLineOnce() throws IOException {
        awaitDone(LINES, Duration.ofMinutes(2));
        BatchProgress end =
                Awaitility.await().atMost(Duration.ofSeconds(20)).until(this::progress, BatchProgress::isTerminal);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        client.download(end.outputFileId(), output);
        client.download(end.errorFileId(), errors);
        Set<String> sent =
                IntStream.rangeClosed(1, LINES).mapToObj(i -> "line-" + i).collect(Collectors.toSet());
        LineAudit audit = LineAudit.of(sent, List.of(reader(output), reader(errors)));
        assertThat(audit.isExact()).as("%s", audit).isTrue();
        assertThat(List.of(end.completed(), end.failed())).containsExactly(LINES - 5, 5);
    }

    private void awaitDone(int lines, Duration atMost) {
        Awaitility.await()
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> progress().done() >= lines);
    }

    private BatchProgress progress() throws IOException {
        return client.batch(batch);
    }

    private static BufferedReader reader(ByteArrayOutputStream bytes) {
        return new BufferedReader(
                new InputStreamReader(new ByteArrayInputStream(bytes.toByteArray()), StandardCharsets.UTF_8));
    }
}
