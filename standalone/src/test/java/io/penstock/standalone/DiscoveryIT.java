package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.IngestConfig;
import io.penstock.ingest.chat.InteractivePolicy;
import io.penstock.ingest.hold.HoldLimits;
import io.penstock.pool.discovery.DiscoveryRules;
import io.penstock.pool.discovery.kubernetes.FakeKubernetes;
import io.penstock.pool.discovery.kubernetes.PodJson;
import io.penstock.pool.kv.GateLimits;
import io.penstock.pool.kv.Yield;
import io.penstock.simulator.Simulator;
import io.penstock.simulator.SimulatorConfig;
import io.penstock.simulator.engine.EngineProfile;
import io.penstock.simulator.requests.Outcome;
import io.penstock.standalone.client.BatchClient;
import io.penstock.standalone.client.BatchProgress;
import io.penstock.standalone.demo.LineAudit;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Verdict;
import io.penstock.worker.WorkerConfig;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
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
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Engines that come and go as pods of an InferencePool while a batch runs: it ends as if they had all
/// been there throughout, and no line pays for it with an attempt.
@Timeout(180)
class DiscoveryIT {
    private static final String MODEL = "llama";
    private static final String SOURCE = "k8s://ml/inferencepools/llama";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LINES = 60;

    @TempDir
    Path dir;

    private final HttpClient http = HttpClient.newHttpClient();
    private final FakeKubernetes kubernetes = new FakeKubernetes();
    private final Simulator first = engine(1);
    private final Simulator second = engine(2);
    private final Simulator third = engine(3);

    @AfterEach
    void stop() {
        List.of(first, second, third).forEach(Simulator::close);
        kubernetes.close();
        http.close();
    }

    @Test
    void aBatchOutlivesEveryEngineItBeganWith() throws Exception {
        pool();
        kubernetes.put(FakeKubernetes.PODS, pod("a", first).json());
        try (Standalone penstock = Standalone.start(StandaloneOptions.in(dir)
                        .discovering(
                                List.of(URI.create(SOURCE)),
                                new DiscoveryRules(256, Duration.ofSeconds(5), kubernetes.uri()))
                        .working(DiscoveryIT::fewAtATime)
                        .serving(DiscoveryIT::notWaitingForEngines));
                BatchClient client = new BatchClient(penstock.apiUri())) {
            assertThat(chat(penstock)).isEqualTo(200);
            String batch = submit(client);
            awaitRunning(first);

            kubernetes.put(FakeKubernetes.PODS, pod("b", second).json());
            awaitRunning(second);

            kubernetes.put(FakeKubernetes.PODS, pod("a", first).ready(false).json());
            awaitMetrics(penstock, false, "endpoint=\"" + endpoint("a", 0, first));
            assertThat(first.requests().all())
                    .as("what ran at an engine that was taken away")
                    .allMatch(request -> request.outcome() == Outcome.FINISHED);
            long atFirst = first.requests().arrivals();
            assertThat(chat(penstock)).isEqualTo(200);
            assertThat(first.requests().arrivals()).isEqualTo(atFirst);

            kubernetes.put(FakeKubernetes.PODS, pod("c", third).json());
            awaitRunning(third);
            awaitRunning(second);
            kubernetes.put(FakeKubernetes.PODS, pod("b", second).ends().json());
            awaitMetrics(
                    penstock,
                    true,
                    "penstock_worker_gate_signal{endpoint=\"" + endpoint("b", 1, second)
                            + "\",signal=\"not_ready\"} 1");
            second.close();

            assertWhole(client, batch);
            List<Verdict> verdicts = verdicts(penstock);
            assertThat(verdicts).noneMatch(Verdict.Broken.class::isInstance);
            assertThat(verdicts).contains(new Verdict.Returned("its engine was taken away", 0));

            kubernetes.delete(FakeKubernetes.PODS, "c");
            awaitReadiness(penstock, 503, "no engine is found at " + SOURCE);
            assertThat(chat(penstock)).isEqualTo(503);
            awaitMetrics(penstock, true, "penstock_worker_discovery_endpoints{source=\"" + SOURCE + "\"} 0");
            awaitMetrics(penstock, false, "endpoint=\"" + endpoint("c", 2, third));
            kubernetes.put(FakeKubernetes.PODS, pod("c", third).json());
            awaitReadiness(penstock, 200, "\"ready\":true");
            awaitMetrics(penstock, true, "penstock_ingest_discovery_endpoints_ready{source=\"" + SOURCE + "\"} 1");
            assertThat(chat(penstock)).isEqualTo(200);
        }
    }

    /// So that there is work left for the engines that come later.
    private static WorkerConfig fewAtATime(WorkerConfig config) {
        return config.gated(config.gate().with(GateLimits.DEFAULT.withSequences(4)), Yield.Rules.OFF);
    }

    /// A call that no engine can take is refused after a second, not after a minute.
    private static IngestConfig notWaitingForEngines(IngestConfig config) {
        InteractivePolicy policy = config.interactive();
        HoldLimits hold = policy.hold();
        return config.with(new InteractivePolicy(
                policy.picks(),
                new HoldLimits(hold.calls(), hold.bytes(), hold.time(), Duration.ofSeconds(1)),
                policy.heartbeat(),
                policy.tellEndpoint(),
                policy.asks()));
    }

    private static Simulator engine(int seed) {
        return Simulator.start(SimulatorConfig.defaults()
                .withProfile(EngineProfile.named("llama-3.1-8b-h100"))
                .withModels(MODEL)
                .withSeed(seed));
    }

    /// Every pod has the same address here; which of the pool's ports it serves tells them apart.
    private static PodJson pod(String name, Simulator engine) {
        return PodJson.of(name, "127.0.0.1").annotated("llm-d.ai/active-ports", Integer.toString(engine.port()));
    }

    private static String endpoint(String pod, int rank, Simulator engine) {
        return pod + "-rank-" + rank + "@127.0.0.1:" + engine.port();
    }

    private void pool() {
        String ports = List.of(first, second, third).stream()
                .map(engine -> "{\"number\":" + engine.port() + "}")
                .collect(Collectors.joining(","));
        kubernetes.put(
                FakeKubernetes.POOLS,
                "{\"metadata\":{\"name\":\"llama\"},\"spec\":{\"selector\":{\"matchLabels\":{\"app\":\"vllm\"}},"
                        + "\"targetPorts\":[" + ports + "]}}");
    }

    private String submit(BatchClient client) throws IOException {
        List<String> input = IntStream.rangeClosed(1, LINES)
                .mapToObj(line -> "{\"custom_id\":\"line-" + line
                        + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                        + body("Tell me story " + line, 150) + "}")
                .toList();
        return client.submit(client.upload(Files.write(dir.resolve("in.jsonl"), input)), "/v1/chat/completions")
                .id();
    }

    private static String body(String prompt, int tokens) {
        return "{\"model\":\"" + MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt
                + "\"}],\"max_tokens\":" + tokens + ",\"ignore_eos\":true}";
    }

    private int chat(Standalone penstock) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(penstock.apiUri() + "/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body("Hi", 2)))
                .build();
        return http.send(request, BodyHandlers.ofString()).statusCode();
    }

    private static void assertWhole(BatchClient client, String batch) throws IOException {
        Awaitility.await().atMost(PATIENCE).until(() -> client.batch(batch).status(), "completed"::equals);
        BatchProgress end = client.batch(batch);
        assertThat(List.of(end.total(), end.completed(), end.failed())).containsExactly(LINES, LINES, 0);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        client.download(end.outputFileId(), output);
        Set<String> ids =
                IntStream.rangeClosed(1, LINES).mapToObj(line -> "line-" + line).collect(Collectors.toSet());
        LineAudit audit = LineAudit.of(
                ids, List.of(new BufferedReader(new StringReader(output.toString(StandardCharsets.UTF_8)))));
        assertThat(audit.isExact()).as("%s", audit).isTrue();
    }

    /// What workers said of every run there was.
    private static List<Verdict> verdicts(Standalone penstock) {
        var topic = new Topics(TopicLayout.STANDALONE).outcomes();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", penstock.bootstrapServers()),
                topic.key().deserializer(),
                topic.value().deserializer())) {
            return WholeTopic.read(consumer, topic.name()).stream()
                    .map(outcome -> verdict(outcome.value()))
                    .toList();
        }
    }

    private static Verdict verdict(Envelope<io.penstock.topics.record.Outcome> outcome) {
        return outcome.meta().verdict();
    }

    private static void awaitRunning(Simulator engine) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> !engine.requests().with(Outcome.RUNNING).isEmpty());
    }

    private void awaitMetrics(Standalone penstock, boolean shown, String text) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> get(penstock, "/metrics").body().contains(text) == shown);
    }

    private void awaitReadiness(Standalone penstock, int status, String text) {
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            HttpResponse<String> readiness = get(penstock, "/readyz");
            assertThat(readiness.statusCode()).isEqualTo(status);
            assertThat(readiness.body()).contains(text);
        });
    }

    private HttpResponse<String> get(Standalone penstock, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(penstock.adminUri() + path)).build(), BodyHandlers.ofString());
    }
}
