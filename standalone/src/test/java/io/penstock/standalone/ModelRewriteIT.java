package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.simulator.Simulator;
import io.penstock.simulator.SimulatorConfig;
import io.penstock.standalone.client.BatchClient;
import io.penstock.standalone.client.BatchJob;
import io.penstock.standalone.client.BatchProgress;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.RewriteName;
import io.penstock.topics.record.ModelRewrite;
import io.penstock.topics.record.ModelRewrite.Rule;
import io.penstock.topics.record.ModelRewrite.Target;
import io.penstock.topics.rewrite.Rewrites;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Rewrites and objectives from YAML to answers: applied with the command, then used by an interactive
/// call, a Kafka record and a batch, on a real broker and an engine that serves two models.
class ModelRewriteIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String CANARY = """
        apiVersion: llm-d.ai/v1alpha2
        kind: InferenceObjective
        metadata:
          name: nightly
          annotations:
            penstock.io/resume: "true"
        spec:
          priority: -10
          poolRef:
            name: vllm
        ---
        apiVersion: inference.networking.x-k8s.io/v1alpha2
        kind: InferenceModelRewrite
        metadata:
          name: food-review-canary
        spec:
          poolRef:
            group: inference.networking.k8s.io
            name: vllm
          rules:
            - matches:
                - model:
                    type: Exact
                    value: food-review
              targets:
                - modelRewrite: "food-review-v1"
                  weight: 70
                - modelRewrite: "food-review-v2"
                  weight: 30
        ---
        apiVersion: inference.networking.k8s.io/v1
        kind: InferencePool
        metadata:
          name: vllm
        spec:
          selector:
            matchLabels:
              app: vllm
          targetPorts:
            - number: 8000
        """;

    @TempDir
    static Path dir;

    private static Simulator engine;
    private static Standalone penstock;
    private static HttpClient http;

    @BeforeAll
    static void start() throws Exception {
        engine = Simulator.start(SimulatorConfig.defaults()
                .withModels("food-review-v1", "food-review-v2")
                .withSpeedup(40)
                .withSeed(1));
        penstock = Standalone.start(new StandaloneOptions(
                dir.resolve("data"),
                "127.0.0.1",
                0,
                0,
                List.of(URI.create(engine.baseUrl())),
                StandaloneOptions.Simulation.DEFAULT,
                null));
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        http.close();
        penstock.close();
        engine.close();
    }

    @Test
    @Timeout(240)
    void aRewrittenNameIsServedEverywhereAndComesBackAsItWasSent() throws Exception {
        Path file = Files.writeString(dir.resolve("canary.yaml"), CANARY);
        assertThat(run("apply", "-f", file.toString(), "--dry-run"))
                .containsExactly(
                        "inferenceobjective/nightly created (dry run)",
                        "inferencemodelrewrite/food-review-canary created (dry run)",
                        "inferencepool/vllm created (dry run)");
        assertThat(run("get", "rewrites")).hasSize(1);
        assertThat(run("apply", "-f", file.toString()))
                .containsExactly(
                        "inferenceobjective/nightly created",
                        "inferencemodelrewrite/food-review-canary created",
                        "inferencepool/vllm created");
        assertThat(run("apply", "-f", dir.toString()))
                .allMatch(line -> line.endsWith(" unchanged"))
                .hasSize(3);

        Awaitility.await().atMost(PATIENCE).until(() -> models().contains("food-review"));
        assertThat(models()).containsExactly("food-review", "food-review-v1", "food-review-v2");
        anInteractiveCallComesBackUnderItsName();
        aStreamComesBackUnderItsName();
        aKafkaRecordComesBackUnderItsName();
        aBatchIsSplitByItsLinesIds();

        Files.writeString(file, CANARY.replace("weight: 30", "weight: 31"));
        assertThat(run("apply", "-f", file.toString()))
                .containsExactly(
                        "inferenceobjective/nightly unchanged",
                        "inferencemodelrewrite/food-review-canary configured",
                        "inferencepool/vllm unchanged");
        assertThat(run("get", "rewrites"))
                .last()
                .asString()
                .endsWith("food-review → food-review-v1 (70), food-review-v2 (31)");
        assertThat(run("get", "objectives", "nightly")).last().asString().contains("-10", "low", "yes");
        Path written = Files.write(dir.resolve("written.yaml"), run("get", "rewrites", "-o", "yaml"));
        assertThat(run("apply", "-f", written.toString()))
                .containsExactly("inferencemodelrewrite/food-review-canary unchanged");
        assertThat(run("delete", "rewrite", "food-review-canary"))
                .containsExactly("inferencemodelrewrite/food-review-canary deleted");
        Awaitility.await().atMost(PATIENCE).until(() -> !models().contains("food-review"));
        assertThat(post(body("food-review", false)).statusCode()).isEqualTo(404);
    }

    @Test
    @Timeout(60)
    void oneWrongDocumentKeepsAllFromBeingApplied() throws Exception {
        Path file = Files.writeString(
                dir.resolve("wrong.yml.txt"),
                CANARY.replace("nightly", "unheard-of").replace("weight: 30", "weight: 0"));
        StringWriter errors = new StringWriter();
        CommandLine command = PenstockMain.commandLine().setErr(new PrintWriter(errors, true));

        int exit = command.execute("apply", "-f", file.toString(), "--bootstrap-server", penstock.bootstrapServers());

        assertThat(exit).isEqualTo(1);
        assertThat(errors.toString())
                .contains("wrong.yml.txt, document 2, line 29: spec.rules[0].targets[1].weight must be a whole number"
                        + " from 1 to 1000000, but was 0")
                .contains("Nothing was applied.");
        assertThat(command.execute(
                        "get", "objectives", "unheard-of", "--bootstrap-server", penstock.bootstrapServers()))
                .isEqualTo(1);
        assertThat(command.execute("get", "nonsense", "--bootstrap-server", penstock.bootstrapServers()))
                .isEqualTo(2);
    }

    private static void anInteractiveCallComesBackUnderItsName() throws Exception {
        for (int i = 0; i < 5; i++) {
            HttpResponse<String> answer = post(body("food-review", false));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(json(answer.body()).get("model").asString()).isEqualTo("food-review");
        }
    }

    private static void aStreamComesBackUnderItsName() throws Exception {
        HttpResponse<String> answer = post(body("food-review", true));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        List<String> events = answer.body()
                .lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> line.substring("data: ".length()))
                .toList();
        assertThat(events)
                .hasSizeGreaterThan(1)
                .allSatisfy(
                        event -> assertThat(json(event).get("model").asString()).isEqualTo("food-review"));
    }

    private static void aKafkaRecordComesBackUnderItsName() {
        int[] tries = {0};
        // The router follows the rewrites on its own; until it has this one, it knows no such model.
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode result = json(KafkaNativeExample.ask(
                            penstock.bootstrapServers(), line("k", body("food-review", false)), "c-" + ++tries[0])
                    .value());
            assertThat(result.at("/response/status_code").asInt())
                    .as("%s", result)
                    .isEqualTo(200);
            assertThat(result.at("/response/body/model").asString()).isEqualTo("food-review");
        });
    }

    private static void aBatchIsSplitByItsLinesIds() throws Exception {
        int lines = 200;
        Path input = Files.write(
                dir.resolve("batch.jsonl"),
                IntStream.rangeClosed(1, lines)
                        .mapToObj(i ->
                                line("line-" + i, body("food-review", false).replace("Hi", "batch " + i)))
                        .toList());
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        BatchProgress end;
        try (BatchClient client = new BatchClient(penstock.apiUri())) {
            end = new BatchJob(client).run(input, "/v1/chat/completions", _ -> {});
            client.download(end.outputFileId(), output);
        }
        assertThat(List.of(end.status(), end.completed())).as("%s", end).containsExactly("completed", lines);
        assertThat(output.toString(StandardCharsets.UTF_8).lines())
                .hasSize(lines)
                .allSatisfy(
                        line -> assertThat(json(line).at("/response/body/model").asString())
                                .isEqualTo("food-review"));
        assertThat(ran(lines)).isEqualTo(expected(new BatchId(end.id()), lines));
    }

    /// The model each line of the batch ran as, by its number.
    private static Map<Integer, String> ran(int lines) {
        Map<Integer, String> ran = new TreeMap<>();
        for (var request : engine.requests().all()) {
            JsonNode content = request.path().equals("/v1/chat/completions")
                    ? json(request.bodyText()).at("/messages/0/content")
                    : null;
            if (content != null && content.asString().startsWith("batch ")) {
                int line = Integer.parseInt(content.asString().substring("batch ".length()));
                ran.put(line, json(request.bodyText()).get("model").asString());
            }
        }
        assertThat(ran).hasSize(lines);
        return ran;
    }

    /// The same by the rule and the lines' ids alone.
    private static Map<Integer, String> expected(BatchId batch, int lines) {
        Rule rule = new Rule(
                List.of(new ModelName("food-review")),
                List.of(
                        new Target(new ModelName("food-review-v1"), 70),
                        new Target(new ModelName("food-review-v2"), 30)));
        Rewrites rewrites = Rewrites.of(
                List.of(new ModelRewrite(new RewriteName("food-review-canary"), null, null, null, List.of(rule))));
        Map<Integer, String> expected = new TreeMap<>();
        for (int line = 1; line <= lines; line++) {
            RequestId id = RequestId.ofLine(batch, line);
            expected.put(
                    line,
                    rewrites.route(new ModelName("food-review"), null, () -> Rewrites.seed(id), _ -> null)
                            .target()
                            .value());
        }
        assertThat(expected.values()).contains("food-review-v1", "food-review-v2");
        return expected;
    }

    private static List<String> run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--bootstrap-server", penstock.bootstrapServers()));
        int exit = PenstockMain.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(errors, true))
                .execute(all.toArray(String[]::new));
        assertThat(exit).as("%s: %s %s", all, out, errors).isZero();
        assertThat(errors.toString()).isEmpty();
        return out.toString().lines().toList();
    }

    private static List<String> models() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(penstock.apiUri() + "/models"))
                .build();
        JsonNode page = json(http.send(request, BodyHandlers.ofString()).body());
        return page.get("data")
                .valueStream()
                .map(card -> card.get("id").asString())
                .toList();
    }

    private static HttpResponse<String> post(String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(penstock.apiUri() + "/chat/completions"))
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static String body(String model, boolean stream) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":4"
                + (stream ? ",\"stream\":true" : "") + "}";
    }

    private static String line(String customId, String body) {
        return "{\"custom_id\":\"" + customId + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                + body + "}";
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
