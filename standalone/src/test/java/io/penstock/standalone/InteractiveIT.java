package io.penstock.standalone;

import static io.penstock.standalone.ChatCalls.MODEL;
import static io.penstock.standalone.ChatCalls.assertDropped;
import static io.penstock.standalone.ChatCalls.body;
import static io.penstock.standalone.ChatCalls.json;
import static io.penstock.standalone.ChatCalls.message;
import static io.penstock.standalone.ChatCalls.request;
import static io.penstock.standalone.ChatCalls.say;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.IngestApi;
import io.penstock.ingest.IngestConfig;
import io.penstock.ingest.batches.BatchesApi.Observed;
import io.penstock.ingest.chat.InteractivePolicy;
import io.penstock.ingest.hold.HoldLimits;
import io.penstock.ingest.http.HttpServerConfig;
import io.penstock.payload.LocalPayloadStore;
import io.penstock.pool.Endpoint;
import io.penstock.pool.EndpointState;
import io.penstock.pool.EngineAsks;
import io.penstock.pool.discovery.EngineSources;
import io.penstock.pool.pick.PickPolicy;
import io.penstock.service.KafkaClients;
import io.penstock.service.Metrics;
import io.penstock.simulator.Simulator;
import io.penstock.simulator.SimulatorConfig;
import io.penstock.simulator.requests.RecordedRequest;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Interactive calls at two slow engines, with Kafka nowhere: where they go, and how they wait.
///
/// An engine runs one request at a time, and is full when another one waits.
@Timeout(90)
class InteractiveIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SERVED = "x-gateway-destination-endpoint-served";
    private static final PickPolicy PICKS = new PickPolicy(
            PickPolicy.Weights.DEFAULT,
            new PickPolicy.Limits(0, 0.8, Duration.ofSeconds(60), 100, 0, Duration.ofSeconds(600)),
            PickPolicy.Prompts.DEFAULT);
    private static final InteractivePolicy POLICY =
            new InteractivePolicy(PICKS, HoldLimits.DEFAULT, Duration.ofMillis(200), true, EngineAsks.NONE);

    @TempDir
    static Path dir;

    private static Simulator left;
    private static Simulator right;
    private static Metrics metrics;
    private static IngestApi api;
    private static HttpClient http;

    private final List<InputStream> hogs = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        left = engine(0);
        right = engine(0);
        metrics = new Metrics();
        api = api(metrics, dir.resolve("payloads"));
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        awaitReady();
    }

    @AfterAll
    static void stop() {
        http.close();
        api.close();
        left.close();
        right.close();
    }

    @AfterEach
    void relieve() throws Exception {
        for (InputStream hog : hogs) {
            hog.close();
        }
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> Stream.of(left, right)
                        .map(Simulator::engineStats)
                        .allMatch(stats -> stats.running() + stats.waiting() == 0));
    }

    @Test
    void aConversationStaysWithItsEngine() throws Exception {
        for (int conversation = 0; conversation < 6; conversation++) {
            StringBuilder messages = new StringBuilder();
            List<String> served = new ArrayList<>();
            for (int turn = 0; turn < 4; turn++) {
                messages.append(turn == 0 ? "" : ",").append(message(conversation + ": " + "why? ".repeat(40) + turn));
                HttpResponse<String> answer = call(body("\"max_tokens\":2,\"messages\":[" + messages + "]"))
                        .join();
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                served.add(answer.headers().firstValue(SERVED).orElseThrow());
            }
            assertThat(served).as("conversation %d", conversation).containsOnly(served.getFirst());
        }
        assertThat(metrics.prometheusText()).contains("penstock_ingest_prefix_share_count");
    }

    @Test
    void fullEnginesHoldCallsAndLetThemInWhenThereIsRoom() throws Exception {
        fill();
        CompletableFuture<HttpResponse<String>> whole = call(body(say("whole")));
        awaitHeld(1);
        // Its head comes with the first heartbeat.
        HttpResponse<InputStream> streamed =
                http.send(request(api, body(say("streamed") + ",\"stream\":true")), BodyHandlers.ofInputStream());
        awaitHeld(2);
        assertThat(arrived("whole")).isEmpty();
        assertThat(arrived("streamed")).isEmpty();

        relieve();

        assertThat(whole.join().statusCode()).as(whole.join().body()).isEqualTo(200);
        assertThat(streamed.statusCode()).isEqualTo(200);
        assertThat(new String(streamed.body().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith(": keep-alive\n\n")
                .contains("data: {")
                .endsWith("data: [DONE]\n\n");
        assertThat(arrived("streamed")).hasSize(1);
        awaitHeld(0);
    }

    @Test
    void sheddableCallsAreRefusedAtOnce() throws Exception {
        fill();

        HttpResponse<String> shed = call(body(say("shed")), "X-Gateway-Inference-Objective", "batch")
                .join();
        HttpResponse<String> named = call(
                        body(say("named")),
                        "x-llm-d-inference-objective",
                        "unheard-of",
                        "x-gateway-inference-objective",
                        "batch",
                        "x-llm-d-inference-ttl",
                        "100ms")
                .join();

        assertDropped(shed, 429, "rejected-saturated", "saturated");
        assertThat(shed.headers().firstValue("retry-after")).hasValue("5");
        // llm-d's header wins, and an objective nobody knows has priority 0: it may wait.
        assertDropped(named, 429, "rejected-ttl-expired", "hold_expired");
        assertThat(arrived("shed")).isEmpty();
    }

    @Test
    void aStreamWhoseTimeIsUpEndsWithAnErrorEvent() throws Exception {
        fill();

        HttpResponse<String> expired = call(body(say("late") + ",\"stream\":true"), "x-llm-d-inference-ttl", "700ms")
                .join();

        assertThat(expired.statusCode()).isEqualTo(200);
        assertThat(expired.body()).startsWith(": keep-alive\n\n").endsWith("\n\ndata: [DONE]\n\n");
        String event = expired.body()
                .lines()
                .filter(line -> line.startsWith("data: {"))
                .findFirst()
                .orElseThrow();
        assertThat(json(event.substring("data: ".length())).at("/error/code").asString())
                .isEqualTo("hold_expired");
    }

    @Test
    void aClientThatLeavesWhileHeldMakesRoom() throws Exception {
        fill();
        CompletableFuture<HttpResponse<String>> leaving = call(body(say("leaving")));
        awaitHeld(1);

        leaving.cancel(true);

        awaitHeld(0);
        assertThat(metrics.prometheusText())
                .contains("penstock_ingest_dropped_total{band=\"normal\",reason=\"rejected-context-cancelled\"}");
        relieve();
        assertThat(call(body(say("next"))).join().statusCode()).isEqualTo(200);
        assertThat(arrived("leaving")).isEmpty();
    }

    @Test
    void callsWaitForEnginesThatAreAway() throws Exception {
        left.faults().refuseConnections();
        right.faults().refuseConnections();
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> api.engineStates().stream().noneMatch(EndpointState::isReady));
            assertDropped(
                    call(body(say("short")), "x-llm-d-inference-ttl", "0.2s").join(),
                    503,
                    "rejected-no-endpoints",
                    "overloaded");
            HttpResponse<String> unknown =
                    call(body(say("x")).replace("\"m\"", "\"nobody\"")).join();
            assertThat(unknown.statusCode()).as(unknown.body()).isEqualTo(404);
            CompletableFuture<HttpResponse<String>> waiting = call(body(say("patient")));
            awaitHeld(1);
            left.faults().acceptConnections();

            assertThat(waiting.join().statusCode()).as(waiting.join().body()).isEqualTo(200);
        } finally {
            left.faults().clear();
            right.faults().clear();
        }
        awaitReady();
    }

    @Test
    void anAnswerThatWasCutOffIsGivenByAnotherEngine() throws Exception {
        CompletableFuture<HttpResponse<String>> answer =
                call(body(say("cut") + ",\"ignore_eos\":true").replace("\"max_tokens\":2", "\"max_tokens\":300"));
        Awaitility.await().atMost(PATIENCE).until(() -> running(left) + running(right) == 1);

        if (running(left) == 1) {
            left.close();
            left = engine(left.port());
        } else {
            right.close();
            right = engine(right.port());
        }

        assertThat(answer.join().statusCode()).as(answer.join().body()).isEqualTo(200);
        assertThat(json(answer.join().body()).at("/choices/0/finish_reason").asString())
                .isEqualTo("length");
        assertThat(arrived("cut")).hasSize(1);
        awaitReady();
    }

    @Test
    void headersOfTheGatewayDoNotReachTheEngine() throws Exception {
        HttpResponse<String> answer = call(
                        body(say("headers")),
                        "x-llm-d-inference-objective",
                        "chat",
                        "x-gateway-inference-fairness-id",
                        "f",
                        "x-llm-d-inference-ttl",
                        "30s",
                        "x-gateway-model-name-rewrite",
                        MODEL,
                        "x-slo-ttft-ms",
                        "12.5",
                        "Authorization",
                        "Bearer client-key")
                .join();
        HttpResponse<String> noFloat =
                call(body(say("slo")), "x-llm-d-slo-tpot-ms", "fast").join();

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(arrived("headers").getFirst().headers().keySet())
                .noneMatch(name -> name.matches("x-(llm-d|gateway|slo)-.*|authorization"));
        assertThat(noFloat.statusCode()).isEqualTo(400);
        assertThat(noFloat.body()).contains("x-llm-d-slo-tpot-ms: must be a float");
    }

    @Test
    void aStopTellsThoseThatWait() throws Exception {
        Metrics its = new Metrics();
        IngestApi stopping = api(its, dir.resolve("payloads-of-another"));
        CompletableFuture<HttpResponse<String>> held;
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> stopping.engineStates().stream()
                            .allMatch(state -> state.isReady() && state.load() != null));
            fill();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> stopping.engineStates().stream()
                            .allMatch(state -> state.load() != null
                                    && state.load().waiting().orElse(0) > 0));
            held = send(stopping, body(say("stopping")));
            awaitHeld(its, 1);
        } finally {
            stopping.close();
        }
        assertDropped(held.join(), 503, "rejected-shutting-down", "stopping");
    }

    private static Simulator engine(int port) {
        return Simulator.start(SimulatorConfig.defaults()
                .withModels(MODEL)
                .withMaxNumSeqs(1)
                .withSpeedup(0.2)
                .withSeed(1)
                .withPort(port));
    }

    /// An API whose Kafka does not answer.
    private static IngestApi api(Metrics metrics, Path payloads) throws Exception {
        Properties nowhere = new Properties();
        nowhere.put("bootstrap.servers", "127.0.0.1:1");
        nowhere.put("reconnect.backoff.ms", "60000");
        nowhere.put("reconnect.backoff.max.ms", "60000");
        InstantSource clock = InstantSource.system();
        IngestConfig config = IngestConfig.of(
                HttpServerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                EngineSources.named(Stream.of(left, right)
                        .map(engine -> Endpoint.at(URI.create(engine.baseUrl())))
                        .toList()));
        IngestApi started = new IngestApi(
                config.with(POLICY),
                new KafkaClients(nowhere, nowhere),
                new Topics(TopicLayout.STANDALONE),
                new LocalPayloadStore(payloads, clock),
                new Observed(metrics, clock));
        started.start();
        return started;
    }

    /// Four calls that go on until they are closed: at each engine one that runs and one that waits.
    private void fill() throws Exception {
        for (int i = 0; i < 4; i++) {
            HttpResponse<InputStream> hog = http.send(
                    request(
                            api,
                            body("\"stream\":true,\"max_tokens\":4000,\"ignore_eos\":true,\"messages\":["
                                    + message("hog " + i) + "]")),
                    BodyHandlers.ofInputStream());
            assertThat(hog.statusCode()).isEqualTo(200);
            hogs.add(hog.body());
            int sent = i + 1;
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> Stream.of(left, right)
                                    .map(Simulator::engineStats)
                                    .mapToInt(stats -> stats.running() + stats.waiting())
                                    .sum()
                            == sent);
        }
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> api.engineStates().stream()
                        .allMatch(state ->
                                state.load() != null && state.load().waiting().orElse(0) > 0));
    }

    private static void awaitReady() {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> api.engineStates().stream().allMatch(state -> state.isReady() && state.load() != null));
    }

    private static void awaitHeld(int calls) {
        awaitHeld(metrics, calls);
    }

    private static void awaitHeld(Metrics where, int calls) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> where.prometheusText().contains("penstock_ingest_held{band=\"normal\"} " + calls + ".0"));
    }

    private static int running(Simulator engine) {
        return engine.engineStats().running();
    }

    private static List<RecordedRequest> arrived(String text) {
        return Stream.of(left, right)
                .flatMap(engine -> engine.requests().all().stream())
                .filter(request -> request.bodyText().contains("\"" + text + "\""))
                .toList();
    }

    private static CompletableFuture<HttpResponse<String>> call(String body, String... headers) {
        return send(api, body, headers);
    }

    private static CompletableFuture<HttpResponse<String>> send(IngestApi to, String body, String... headers) {
        return http.sendAsync(request(to, body, headers), BodyHandlers.ofString());
    }
}
