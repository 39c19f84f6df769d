package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.openapi.OpenApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every operation of the OpenAPI document is called once, and what it answers is as the document says.
class OpenApiIT {
    private static final String MODEL = StandaloneOptions.Simulation.DEFAULT.model();
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final JsonNode DOCUMENT = JsonMapper.shared().readTree(OpenApi.document());
    private static final SchemaCheck CHECK = new SchemaCheck(DOCUMENT);
    private static final String JSON = "application/json";
    private static final String FORM = "multipart/form-data; boundary=b";

    @TempDir
    static Path dir;

    private static Standalone penstock;
    private static HttpClient http;
    private static WebhookReceiver receiver;

    private final Set<String> called = new TreeSet<>();

    @BeforeAll
    static void start() throws Exception {
        penstock = Standalone.start(StandaloneOptions.in(dir.resolve("data")));
        http = HttpClient.newHttpClient();
        receiver = new WebhookReceiver();
    }

    @AfterAll
    static void stop() {
        receiver.close();
        http.close();
        penstock.close();
    }

    @Test
    @Timeout(180)
    void everyAnswerIsAsTheDocumentSays() throws Exception {
        assertThat(call("GET", "/openapi.json", 200)).isEqualTo(DOCUMENT);
        String endpoint = id(call(
                "POST",
                "/webhook_endpoints",
                200,
                "{\"name\":\"n\",\"url\":\"" + receiver.url("/hook")
                        + "\",\"event_types\":[\"batch.completed\",\"batch.cancelled\"]}"));
        String file = id(send("POST", "/files", "/files", 200, FORM, form("file", line("a")), JSON));
        batches(file);
        webhooks(endpoint);
        files(file);
        uploads();
        interactive();
        later();
        operation();

        Set<String> described = new TreeSet<>();
        DOCUMENT.get("paths")
                .properties()
                .forEach(path -> path.getValue().propertyNames().stream()
                        .filter(method -> !method.equals("parameters"))
                        .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        assertThat(called).isEqualTo(described);
    }

    private void batches(String file) throws Exception {
        String create = "{\"input_file_id\":\"" + file
                + "\",\"endpoint\":\"/v1/chat/completions\",\"completion_window\":\"24h\",\"metadata\":{\"k\":\"v\"}";
        String batch = id(call("POST", "/batches", 200, create + "}"));
        call("GET", "/batches/{id}/events", 200, "", batch);
        assertThat(call("GET", "/batches/{id}", 200, "", batch).get("status").asString())
                .isEqualTo("completed");
        call("GET", "/batches/{id}/results", 200, "", batch);
        call("GET", "/batches/{id}/explain", 200, "", batch);
        call("POST", "/batches/{id}/cancel", 409, "", batch);
        any("POST", "/batches/{id}/retry", "", batch);
        call("POST", "/batches", 200, create + ",\"dry_run\":true}");

        String second = id(send("POST", "/files", "/files", 200, FORM, form("file", line("b")), JSON));
        String held = id(call("POST", "/batches", 200, create.replace(file, second) + "}"));
        for (String command : new String[] {"pause", "resume", "priority", "window", "cancel"}) {
            String body = switch (command) {
                case "priority" -> "{\"objective\":\"none of that name\"}";
                case "window" -> "{\"completion_window\":\"soon\"}";
                default -> "{\"why\":\"a test\"}";
            };
            // The batch may have ended meanwhile: then it is a 409.
            any("POST", "/batches/{id}/" + command, body, held);
        }
        call("GET", "/batches", 200);
        call("GET", "/batches/{id}", 404, "", "batch_none");
    }

    private void webhooks(String endpoint) throws Exception {
        JsonNode[] last = new JsonNode[1];
        Awaitility.await().atMost(PATIENCE).until(() -> {
            last[0] = call("GET", "/webhook_endpoints/{id}/deliveries", 200, "", endpoint)
                    .get("data");
            return !last[0].isEmpty() && last[0].get(0).get("status").asString().equals("delivered");
        });
        String delivery = id(last[0].get(0));
        call("GET", "/webhook_endpoints/{id}/deliveries/{delivery}", 200, "", endpoint, delivery);
        call("POST", "/webhook_endpoints/{id}/deliveries/{delivery}/retry", 200, "", endpoint, delivery);
        call("GET", "/webhook_endpoints", 200);
        call("GET", "/webhook_endpoints/{id}", 200, "", endpoint);
        call("POST", "/webhook_endpoints/{id}", 200, "{\"name\":\"other\"}", endpoint);
        call("POST", "/webhook_endpoints/{id}/rotate_secret", 200, "", endpoint);
        call("POST", "/webhook_endpoints/{id}/test", 200, "{\"event_type\":\"batch.completed\"}", endpoint);
        call("GET", "/webhook_event_types", 200);
        call("DELETE", "/webhook_endpoints/{id}", 200, "", endpoint);
    }

    private void files(String file) throws Exception {
        call("GET", "/files", 200);
        call("GET", "/files/{id}", 200, "", file);
        call("GET", "/files/{id}/content", 200, "", file);
        call("DELETE", "/files/{id}", 200, "", file);
        call("GET", "/files/{id}", 404, "", file);
    }

    private void uploads() throws Exception {
        String content = line("u");
        String create = "{\"filename\":\"in.jsonl\",\"purpose\":\"batch\",\"mime_type\":\"text/plain\",\"bytes\":"
                + content.length() + "}";
        String upload = id(call("POST", "/uploads", 200, create));
        String part = id(send(
                "POST",
                "/uploads/{id}/parts",
                "/uploads/" + upload + "/parts",
                200,
                FORM,
                form("data", content),
                JSON));
        call("POST", "/uploads/{id}/complete", 200, "{\"part_ids\":[\"" + part + "\"]}", upload);
        call("POST", "/uploads/{id}/cancel", 200, "", id(call("POST", "/uploads", 200, create)));
    }

    private void interactive() throws Exception {
        call("POST", "/chat/completions", 200, chat());
        call("POST", "/chat/completions", 404, chat().replace(MODEL, "none"));
        call("POST", "/completions", 200, "{\"model\":\"" + MODEL + "\",\"prompt\":\"hi\",\"max_tokens\":2}");
        call("POST", "/embeddings", 200, "{\"model\":\"" + MODEL + "\",\"input\":\"hi\"}");
        call("POST", "/responses", 200, "{\"model\":\"" + MODEL + "\",\"input\":\"hi\",\"max_output_tokens\":2}");
        call("GET", "/models", 200);
        call("GET", "/models/{id}", 200, "", MODEL);
    }

    private void later() throws Exception {
        String ask = "{\"model\":\"" + MODEL + "\",\"input\":\"hi\",\"background\":true,\"max_output_tokens\":2}";
        String response = id(call("POST", "/responses", 200, ask));
        send("GET", "/responses/{id}", "/responses/" + response + "?wait=30s", 200, JSON, "", JSON);
        call("GET", "/responses/{id}/input_items", 200, "", response);
        call("POST", "/responses/{id}/cancel", 200, "", response);
        call("DELETE", "/responses/{id}", 200, "", response);
        JsonNode accepted = send(
                "POST", "/chat/completions", "/chat/completions", 202, JSON, chat(), JSON, "Prefer", "respond-async");
        String request = id(accepted);
        any("GET", "/requests/{id}/explain", "", request);
        JsonNode done = send("GET", "/requests/{id}", "/requests/" + request + "?wait=30s", 200, JSON, "", JSON);
        assertThat(done.get("status").asString()).isEqualTo("completed");
        call("POST", "/requests/{id}/cancel", 409, "", request);
        call("DELETE", "/requests/{id}", 200, "", request);
    }

    private void operation() throws Exception {
        call("GET", "/lanes", 200);
        call("GET", "/audit", 200);
        call("GET", "/exhausted", 200);
        call("GET", "/exhausted/{id}", 404, "", "none");
        call("POST", "/exhausted/redrive", 200, "{\"error\":\"none\"}");
        call("POST", "/exhausted/redrive", 400, "{\"ids\":[\"none\"]}");
    }

    private JsonNode call(String method, String template, int status) throws Exception {
        return call(method, template, status, "");
    }

    private JsonNode call(String method, String template, int status, String body, String... ids) throws Exception {
        return send(method, template, filled(template, ids), status, JSON, body, JSON);
    }

    /// Whatever status it answers with.
    private void any(String method, String template, String body, String... ids) throws Exception {
        JsonNode _ = send(method, template, filled(template, ids), 0, JSON, body, JSON);
    }

    private static String filled(String template, String... ids) {
        String path = template;
        for (String id : ids) {
            path = path.replaceFirst("\\{\\w+}", id.replace("/", "%2F"));
        }
        return path;
    }

    /// The answer, which must have `status`, unless that is 0, and the form the document gives it.
    private JsonNode send(
            String method,
            String template,
            String path,
            int status,
            String type,
            String body,
            String accept,
            String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(penstock.apiUri() + path))
                .header("Content-Type", type)
                .header("Accept", accept)
                .method(method, BodyPublishers.ofString(body));
        HttpResponse<String> answer =
                http.send((headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofString());
        String what = method + " " + path + ": " + answer.statusCode() + " " + answer.body();
        if (status != 0) {
            assertThat(answer.statusCode()).as(what).isEqualTo(status);
        }
        called.add(method + " " + template);
        JsonNode responses = DOCUMENT.path("paths")
                .path(template)
                .path(method.toLowerCase(Locale.ROOT))
                .path("responses");
        JsonNode response = responses.path(Integer.toString(answer.statusCode()));
        assertThat(response.isObject()).as("described: %s", what).isTrue();
        if (response.has("$ref")) {
            response = DOCUMENT.at(response.get("$ref").asString().substring(1));
        }
        String answered = answer.headers()
                .firstValue("content-type")
                .orElse("")
                .replaceFirst(";.*", "")
                .strip();
        JsonNode content = response.path("content").path(answered);
        assertThat(content.isObject()).as("content type %s: %s", answered, what).isTrue();
        if (answered.equals("application/x-ndjson")) {
            answer.body().lines().forEach(line -> assertConforms(content, line, what));
        }
        if (!answered.equals(JSON)) {
            return JsonMapper.shared().createObjectNode();
        }
        assertConforms(content, answer.body(), what);
        return JsonMapper.shared().readTree(answer.body());
    }

    private static void assertConforms(JsonNode content, String json, String what) {
        JsonNode value = JsonMapper.shared().readTree(json);
        assertThat(CHECK.faults(content.get("schema"), value, "")).as(what).isEmpty();
    }

    private static String id(JsonNode object) {
        return object.get("id").asString();
    }

    private static String chat() {
        return "{\"model\":\"" + MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"max_tokens\":2}";
    }

    private static String line(String id) {
        return "{\"custom_id\":\"" + id + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":" + chat()
                + "}\n";
    }

    private static String form(String field, String content) {
        return """
            --b
            Content-Disposition: form-data; name="purpose"

            batch
            --b
            Content-Disposition: form-data; name="%s"; filename="in.jsonl"

            """.formatted(field).replace("\n", "\r\n") + content + "\r\n--b--\r\n";
    }
}
