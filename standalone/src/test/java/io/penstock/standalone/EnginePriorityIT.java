package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.EngineAsks;
import io.penstock.pool.kv.GateLimits;
import io.penstock.pool.kv.GatePolicy;
import io.penstock.pool.kv.Yield;
import io.penstock.simulator.Simulator;
import io.penstock.simulator.SimulatorConfig;
import io.penstock.simulator.engine.SchedulingPolicy;
import io.penstock.simulator.requests.Outcome;
import io.penstock.simulator.requests.RecordedRequest;
import io.penstock.standalone.client.BatchClient;
import io.penstock.standalone.client.BatchJob;
import io.penstock.standalone.client.BatchProgress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Chat and a batch at one engine that serves one request at a time and schedules by priority.
class EnginePriorityIT {
    private static final String MODEL = "m";
    private static final int LINES = 5;

    /// Prompt tokens left at an engine beside which the next prompt is sent: lines are to wait there, not here.
    private static final int ALL_AT_ONCE = 1_000_000;

    @TempDir
    Path dir;

    @Test
    @Timeout(90)
    void chatGoesPastTheBatchThatWaitsAtTheEngineWhateverItsBodyClaims() throws Exception {
        try (Simulator engine = Simulator.start(SimulatorConfig.defaults()
                        .withModels(MODEL)
                        .withMaxNumSeqs(1)
                        .withSpeedup(0.1)
                        .withPolicy(SchedulingPolicy.PRIORITY));
                Standalone penstock = Standalone.start(options(engine));
                BatchClient client = new BatchClient(penstock.apiUri());
                HttpClient http = HttpClient.newHttpClient()) {
            Path input = Files.write(
                    dir.resolve("in.jsonl"),
                    IntStream.rangeClosed(1, LINES).mapToObj(this::line).toList());
            CompletableFuture<BatchProgress> batch = CompletableFuture.supplyAsync(() -> run(client, input));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> engine.engineStats().waiting() == LINES - 1);
            List<RecordedRequest> lines = engine.requests().all();

            HttpResponse<String> chat = http.send(chat(penstock.apiUri()), BodyHandlers.ofString());

            List<RecordedRequest> behind = lines.stream()
                    .filter(line -> line.outcome() == Outcome.RUNNING)
                    .toList();
            assertThat(chat.statusCode()).as(chat.body()).isEqualTo(200);
            assertThat(lines)
                    .hasSize(LINES)
                    .allSatisfy(
                            line -> assertThat(line.header("X-Vllm-Priority")).hasValue("4"))
                    .allSatisfy(line -> assertThat(line.bodyText()).contains("\"priority\":-1000"));
            assertThat(engine.requests().all().get(LINES).header("X-Vllm-Priority"))
                    .hasValue("0");
            assertThat(behind).as("lines that the chat call went past").hasSizeGreaterThanOrEqualTo(LINES - 2);
            assertThat(batch.join().completed()).isEqualTo(LINES);
        }
    }

    private StandaloneOptions options(Simulator engine) {
        GateLimits five =
                GateLimits.DEFAULT.withSequences(LINES).withWaitingMax(LINES).withPrefillLeft(ALL_AT_ONCE);
        GatePolicy gate = GatePolicy.DEFAULT.with(five);
        StandaloneOptions options = StandaloneOptions.in(dir.resolve("data"));
        return new StandaloneOptions(
                        options.dataDir(),
                        options.host(),
                        0,
                        0,
                        List.of(URI.create(engine.baseUrl())),
                        options.simulator(),
                        null)
                .working(worker -> worker.gated(gate, Yield.Rules.OFF).asking(new EngineAsks(true, true)));
    }

    private static BatchProgress run(BatchClient client, Path input) {
        try {
            return new BatchJob(client).run(input, "/v1/chat/completions", _ -> {});
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private String line(int number) {
        return "{\"custom_id\":\"" + number + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                + body("line " + number, 100) + "}";
    }

    /// A body that claims to go before everyone.
    private static String body(String text, int tokens) {
        return "{\"model\":\"" + MODEL + "\",\"max_tokens\":" + tokens
                + ",\"ignore_eos\":true,\"priority\":-1000,\"messages\":[{\"role\":\"user\",\"content\":\"" + text
                + "\"}]}";
    }

    private static HttpRequest chat(URI api) {
        return HttpRequest.newBuilder(URI.create(api + "/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body("chat", 2)))
                .build();
    }
}
