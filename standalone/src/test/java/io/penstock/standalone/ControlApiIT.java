package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.record.Objective;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What clients and operators command and ask over HTTP, on a real broker, real HTTP and simulated
/// engines at real speed.
class ControlApiIT {
    private static final String MODEL = StandaloneOptions.Simulation.DEFAULT.model();
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int LINES = 2000;

    @TempDir
    static Path dir;

    private static Standalone penstock;
    private static HttpClient http;

    @BeforeAll
    static void start() throws Exception {
        penstock = Standalone.start(StandaloneOptions.in(dir.resolve("data")));
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        http.close();
        penstock.close();
    }

    @Test
    @Timeout(120)
    void aBatchIsPausedMovedExtendedExplainedAndAudited() throws Exception {
        defineObjective("urgent", 5);
        String batch =
                submit(upload(lines("control", LINES, 600)), "c-1").get("id").asString();
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> get("/batches/" + batch).at("/status").asString(), "in_progress"::equals);

        JsonNode paused = post("/batches/" + batch + "/pause", "{\"why\":\"maintenance\"}");
        assertThat(paused.at("/penstock/paused").asBoolean()).isTrue();
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> get("/batches/" + batch).at("/penstock/paused").asBoolean());
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode why = get("/batches/" + batch + "/explain");
            assertThat(why.get("complete").asBoolean()).isTrue();
            assertThat(why.get("sentence").asString()).contains("paused by default (maintenance)");
        });
        post("/batches/" + batch + "/pause", "");

        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> post("/batches/" + batch + "/priority", "{\"objective\":\"urgent\"}")
                        .at("/penstock/objective")
                        .asString("")
                        .equals("urgent"));
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(get("/batches/" + batch + "/explain")
                                .get("sentence")
                                .asString())
                        .contains("/high"));
        assertThat(send("POST", "/batches/" + batch + "/window", "{\"completion_window\":\"1h\"}")
                        .statusCode())
                .as("other windows are not enabled")
                .isEqualTo(400);
        post("/batches/" + batch + "/resume", "");
        post("/batches/" + batch + "/cancel", "");
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> get("/batches/" + batch).at("/status").asString(), "cancelled"::equals);
        assertThat(send("POST", "/batches/" + batch + "/pause", "").statusCode())
                .isEqualTo(409);

        JsonNode audit = get("/audit?target=" + batch).get("data");
        assertThat(audit.valueStream().map(command -> command.get("action").asString()))
                .as("one record a command, newest first; the repeated pause wrote none")
                .containsExactly("cancel", "resume", "prioritise", "pause");
        assertThat(audit.get(3).get("why").asString()).isEqualTo("maintenance");
        JsonNode counts = get("/batches/" + batch).at("/penstock/counts");
        assertThat(counts.get("completed").asInt()
                        + counts.get("failed").asInt()
                        + counts.get("expired").asInt()
                        + counts.get("cancelled").asInt())
                .isEqualTo(LINES);
    }

    @Test
    @Timeout(60)
    void theSameKeyMakesOneObjectAndAnotherBodyIsRefused() throws Exception {
        String file = upload(lines("idem", 1, 1));
        JsonNode first = submit(file, "key-1");
        assertThat(submit(file, "key-1").get("id")).isEqualTo(first.get("id"));
        HttpResponse<String> other = http.send(
                request("/batches")
                        .header("Idempotency-Key", "key-1")
                        .POST(BodyPublishers.ofString(create(upload(lines("idem2", 1, 1)))))
                        .build(),
                BodyHandlers.ofString());
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(other.headers().firstValue("x-should-retry")).contains("false");

        HttpRequest repeated = request("/batches")
                .header("x-stainless-retry-count", "1")
                .POST(BodyPublishers.ofString(create(file)))
                .build();
        assertThat(json(http.send(repeated, BodyHandlers.ofString())).get("id"))
                .as("an SDK that repeats what it got no answer to")
                .isEqualTo(first.get("id"));
        assertThat(json(send("POST", "/batches", create(file))).get("id")).isNotEqualTo(first.get("id"));

        assertThat(uploaded("a\n", "file-key").statusCode()).isEqualTo(400);
        String line = lines("same", 1, 1);
        assertThat(uploaded(line, "file-key").body())
                .isEqualTo(uploaded(line, "file-key").body());
        assertThat(uploaded(lines("else", 1, 1), "file-key").statusCode()).isEqualTo(409);

        HttpRequest begun = request("/uploads")
                .header("Idempotency-Key", "upload-key")
                .POST(BodyPublishers.ofString(
                        "{\"filename\":\"a\",\"purpose\":\"evals\",\"mime_type\":\"x\",\"bytes\":1}"))
                .build();
        String upload = http.send(begun, BodyHandlers.ofString()).body();
        assertThat(http.send(begun, BodyHandlers.ofString()).body())
                .contains("\"upload_")
                .isEqualTo(upload);
    }

    @Test
    @Timeout(120)
    void whatIsExhaustedIsListedInspectedAndRunAgain() throws Exception {
        String body = "{\"model\":\"" + MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
                + "\"max_tokens\":4,\"simulate\":{\"status\":500,\"times\":5}}";
        String line =
                "{\"custom_id\":\"poor\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":" + body + "}";
        var failed = KafkaNativeExample.ask(penstock.bootstrapServers(), line, "dead-1");
        assertThat(failed.value()).contains("attempts_exhausted");

        JsonNode listed = get("/exhausted").get("data").get(0);
        String id = listed.get("id").asString();
        assertThat(listed.get("error").asString()).contains("500");
        assertThat(get("/exhausted/" + URLEncoder.encode(id, StandardCharsets.UTF_8))
                        .get("body")
                        .asString())
                .isEqualTo(body);
        JsonNode again = post("/exhausted/redrive", "{\"ids\":[\"" + id + "\"],\"why\":\"the engine was broken\"}");
        assertThat(again.at("/redriven/0/as").asString()).isEqualTo(id + "~1");
        assertThat(post("/exhausted/redrive", "{\"ids\":[\"" + id + "\"]}").get("redriven"))
                .as("once")
                .isEmpty();
        assertThat(get("/exhausted").get("data")).isEmpty();
    }

    @Test
    @Timeout(60)
    void lanesAreShownAndTheUnknownIsNotExplained() throws Exception {
        submit(upload(lines("lanes", 50, 200)), "lanes-1");
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(get("/lanes").get("data"))
                        .anySatisfy(
                                lane -> assertThat(lane.get("pool").asString()).isEqualTo(MODEL)));
        assertThat(send("GET", "/requests/nothing/explain", "").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/batches/batch_" + "0".repeat(32) + "/explain", "")
                        .statusCode())
                .isEqualTo(404);
    }

    private static void defineObjective(String name, int priority) throws Exception {
        var topic = new Topics(TopicLayout.STANDALONE).objectives();
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", penstock.bootstrapServers()),
                topic.key().serializer(),
                topic.value().serializer())) {
            ObjectiveName objective = new ObjectiveName(name);
            producer.send(new ProducerRecord<>(topic.name(), objective, new Objective(objective, priority)))
                    .get();
        }
    }

    private static String lines(String name, int count, int tokens) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(line -> "{\"custom_id\":\"" + name + "-" + line
                        + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"" + MODEL
                        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Tell me a story\"}],\"max_tokens\":"
                        + tokens + ",\"ignore_eos\":true}}\n")
                .collect(Collectors.joining());
    }

    private static String upload(String content) throws Exception {
        return json(uploaded(content, null)).get("id").asString();
    }

    private static HttpResponse<String> uploaded(String content, @Nullable String key) throws Exception {
        String form = """
            --b
            Content-Disposition: form-data; name="purpose"

            batch
            --b
            Content-Disposition: form-data; name="file"; filename="in.jsonl"

            """.replace("\n", "\r\n") + content + "\r\n--b--\r\n";
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(penstock.apiUri() + "/files"))
                .header("Content-Type", "multipart/form-data; boundary=b");
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return http.send(request.POST(BodyPublishers.ofString(form)).build(), BodyHandlers.ofString());
    }

    private static JsonNode submit(String file, String key) throws Exception {
        HttpRequest request = request("/batches")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(create(file)))
                .build();
        return json(http.send(request, BodyHandlers.ofString()));
    }

    private static String create(String file) {
        return "{\"input_file_id\":\"" + file
                + "\",\"endpoint\":\"/v1/chat/completions\",\"completion_window\":\"24h\"}";
    }

    private static JsonNode get(String path) throws Exception {
        return json(send("GET", path, ""));
    }

    private static JsonNode post(String path, String body) throws Exception {
        return json(send("POST", path, body));
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    private static HttpResponse<String> send(String method, String path, String body) throws Exception {
        return http.send(
                request(path).method(method, BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(penstock.apiUri() + path)).header("Content-Type", "application/json");
    }
}
