package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.payload.LocalPayloadStore;
import io.penstock.pool.Endpoint;
import io.penstock.pool.discovery.EngineSources;
import io.penstock.service.Health;
import io.penstock.service.KafkaClients;
import io.penstock.service.Metrics;
import io.penstock.simulator.Simulator;
import io.penstock.simulator.SimulatorConfig;
import io.penstock.simulator.engine.EngineProfile;
import io.penstock.simulator.faults.FaultKind;
import io.penstock.simulator.requests.Outcome;
import io.penstock.simulator.requests.RecordedRequest;
import io.penstock.standalone.client.BatchClient;
import io.penstock.standalone.client.BatchProgress;
import io.penstock.topics.admin.TopicsAdmin;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.WorkerId;
import io.penstock.topics.record.Objective;
import io.penstock.worker.Worker;
import io.penstock.worker.WorkerConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A batch of an objective with `resume`, while what runs it goes away half way: every line has the text
/// it would have had undisturbed, and no token of it was generated twice.
@Timeout(240)
class ResumeIT {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Topics TOPICS = new Topics(TopicLayout.STANDALONE);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LINES = 40;
    private static final int TOKENS = 300;

    /// So many answers stop after two tokens, so that what goes away has work half done, however slow the
    /// machine.
    private static final int STALLED = 3;

    private static final Pattern GENERATED =
            Pattern.compile("^vllm:generation_tokens_total\\{[^}]*} ([0-9.]+)", Pattern.MULTILINE);

    @TempDir
    Path dir;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Simulator> engines = new ArrayList<>();
    private EmbeddedBroker broker;

    @BeforeEach
    void start() throws Exception {
        broker = new EmbeddedBroker(dir.resolve("broker"), 0);
        broker.start();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            new TopicsAdmin(admin, TOPICS).apply();
        }
        var topic = TOPICS.objectives();
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                topic.key().serializer(),
                topic.value().serializer())) {
            Objective resuming = new Objective(ObjectiveName.BATCH, -10, true);
            producer.send(new ProducerRecord<>(topic.name(), resuming.name(), resuming))
                    .get();
        }
    }

    @AfterEach
    void stop() {
        engines.forEach(Simulator::close);
        broker.close();
        http.close();
    }

    @Test
    void everyLineIsWholeThoughOneEngineIsKilledAndOneIsShutDown() throws Exception {
        Simulator first = engine(0);
        Simulator second = engine(0);
        try (Standalone penstock = standalone(first, second);
                BatchClient client = new BatchClient(penstock.apiUri())) {
            first.faults().arm(FaultKind.STALL_MID_RESPONSE, STALLED);
            String batch = submit(client);
            awaitGenerated(first, 600);
            first.kill();
            engine(first.port());
            awaitGenerated(second, generated(second) + 300);
            second.close();
            engine(second.port());

            assertWhole(client, batch);
            assertResumed(metrics(penstock));
        }
    }

    @Test
    void whatAWorkerThatStopsHadGeneratedGoesOnAtAnother() throws Exception {
        Simulator first = engine(0);
        Simulator second = engine(0);
        try (Standalone penstock = standalone(first);
                BatchClient client = new BatchClient(penstock.apiUri())) {
            Worker stopping = worker(second);
            stopping.start();
            Awaitility.await().atMost(PATIENCE).until(() -> stopping.health() instanceof Health.Up);
            second.faults().arm(FaultKind.STALL_MID_RESPONSE, STALLED);
            String batch = submit(client);
            awaitGenerated(second, 600);
            stopping.close();
            second.faults().clear();

            Map<String, JsonNode> lines = assertWhole(client, batch);
            assertThat(lines).hasSize(LINES);
            assertResumed(metrics(penstock));
        }
    }

    private Simulator engine(int port) {
        Simulator engine = Simulator.start(SimulatorConfig.defaults()
                .withProfile(EngineProfile.named("llama-3.1-8b-h100"))
                .withModels("llama")
                .withSeed(1)
                .withPort(port));
        engines.add(engine);
        return engine;
    }

    private Standalone standalone(Simulator... driven) throws Exception {
        List<URI> addresses = List.of(driven).stream()
                .map(simulator -> URI.create(simulator.baseUrl()))
                .toList();
        StandaloneOptions options = StandaloneOptions.in(dir);
        return Standalone.start(new StandaloneOptions(
                dir, options.host(), 0, 0, addresses, options.simulator(), broker.bootstrapServers()));
    }

    /// A second worker, which gives what runs no time when it stops.
    private Worker worker(Simulator driven) throws IOException {
        EngineSources engine = EngineSources.named(List.of(Endpoint.at(URI.create(driven.baseUrl()))));
        return new Worker(
                WorkerConfig.of(new WorkerId("stopping"), engine).draining(Duration.ZERO),
                KafkaClients.at(broker.bootstrapServers()),
                TOPICS,
                new LocalPayloadStore(dir.resolve("payloads"), InstantSource.system()),
                new Metrics(),
                InstantSource.system());
    }

    private String submit(BatchClient client) throws IOException {
        List<String> input = IntStream.rangeClosed(1, LINES)
                .mapToObj(line -> "{\"custom_id\":\"line-" + line
                        + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":" + body(line) + "}")
                .toList();
        String file = client.upload(Files.write(dir.resolve("in.jsonl"), input));
        return client.submit(file, "/v1/chat/completions").id();
    }

    private static String body(int line) {
        return "{\"model\":\"llama\",\"messages\":[{\"role\":\"user\",\"content\":\"Tell me story " + line
                + "\"}],\"max_tokens\":" + TOKENS + ",\"ignore_eos\":true}";
    }

    private Map<String, JsonNode> assertWhole(BatchClient client, String batch) throws Exception {
        Awaitility.await().atMost(PATIENCE).until(() -> client.batch(batch).status(), "completed"::equals);
        BatchProgress end = client.batch(batch);
        assertThat(List.of(end.total(), end.completed(), end.failed())).containsExactly(LINES, LINES, 0);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        client.download(end.outputFileId(), output);
        Map<String, JsonNode> answers = new HashMap<>();
        output.toString(StandardCharsets.UTF_8)
                .lines()
                .map(JSON::readTree)
                .forEach(line -> assertThat(answers.put(line.get("custom_id").asString(), line.at("/response/body")))
                        .isNull());
        Simulator reference = Simulator.start(
                SimulatorConfig.defaults().withModels("llama").withSeed(1).withSpeedup(100));
        engines.add(reference);
        for (int line = 1; line <= LINES; line++) {
            JsonNode whole = JSON.readTree(post(reference, body(line)));
            JsonNode answer = Objects.requireNonNull(answers.get("line-" + line), "line-" + line);
            assertThat(answer.at("/choices/0/message/content"))
                    .as("line %s", line)
                    .isEqualTo(whole.at("/choices/0/message/content"));
            assertThat(answer.at("/choices/0/finish_reason").asString()).isEqualTo("length");
            assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(TOKENS);
            assertThat(answer.at("/usage/prompt_tokens")).isEqualTo(whole.at("/usage/prompt_tokens"));
        }
        return answers;
    }

    /// Every request that went on asked for what was missing, neither more nor less.
    private void assertResumed(String metrics) {
        List<JsonNode> resumed = engines.stream()
                .flatMap(engine -> engine.requests().all().stream())
                .map(RecordedRequest::bodyText)
                .filter(body -> body.contains("\"continue_final_message\":true"))
                .map(JSON::readTree)
                .toList();
        assertThat(resumed).isNotEmpty().allSatisfy(body -> {
            String text = body.at("/messages/1/content").asString();
            assertThat(body.get("max_tokens").asInt()).isEqualTo(TOKENS - text.split(" ", -1).length);
        });
        int kept = resumed.stream()
                .mapToInt(body -> TOKENS - body.get("max_tokens").asInt())
                .sum();
        assertThat(engines.stream().flatMap(engine -> engine.requests().with(Outcome.RUNNING).stream()))
                .isEmpty();
        // One that an engine did not begin to answer before it died is not counted.
        assertThat(sum(metrics, "penstock_worker_resumed_runs_total")).isBetween(1.0, (double) resumed.size());
        assertThat(sum(metrics, "penstock_worker_resumed_tokens_total")).isBetween(1.0, (double) kept);
    }

    private void awaitGenerated(Simulator engine, double tokens) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> generated(engine) >= tokens);
    }

    private double generated(Simulator engine) throws Exception {
        Matcher found = GENERATED.matcher(get(URI.create(engine.baseUrl() + "/metrics")));
        return found.find() ? Double.parseDouble(found.group(1)) : 0;
    }

    private String metrics(Standalone penstock) throws Exception {
        return get(URI.create(penstock.adminUri() + "/metrics"));
    }

    private static double sum(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private String get(URI uri) throws Exception {
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    private String post(Simulator engine, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(engine.baseUrl() + "/v1/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString()).body();
    }
}
