package io.penstock.ingest.async;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.IngestMetric;
import io.penstock.ingest.MemoryLog;
import io.penstock.ingest.MemoryResponses;
import io.penstock.ingest.Tenants;
import io.penstock.ingest.batches.BatchesApi.Observed;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.HttpServerConfig;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.http.jetty.JettyHttpServer;
import io.penstock.payload.BlobId;
import io.penstock.payload.LocalPayloadStore;
import io.penstock.service.Metrics;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.line.InputLine;
import io.penstock.topics.line.InputLineReader;
import io.penstock.topics.line.OutputLine;
import io.penstock.topics.record.BodyRef;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.ResponseStatus;
import io.penstock.topics.record.ServedModel;
import io.penstock.topics.record.StoredResponse;
import io.penstock.topics.record.StoredResponse.Dispatch;
import io.penstock.topics.record.StoredResponse.Ending;
import io.penstock.topics.record.StoredResponse.Place;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is answered later over real HTTP, with the log in memory, so that it ends when the test says.
class AsyncApiTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final String RESPONSE = "{\"model\":\"m\",\"input\":\"hi\",\"background\":true}";
    private static final AsyncPolicy POLICY = new AsyncPolicy(
            ObjectiveName.DEFAULT,
            Duration.ofHours(24),
            3,
            Duration.ofSeconds(60),
            Duration.ofMillis(20),
            Duration.ofMinutes(5));

    @TempDir
    private Path directory;

    private final MemoryLog log = new MemoryLog();
    private final MemoryResponses responses = new MemoryResponses();
    private final Metrics metrics = new Metrics();
    private final HttpClient http = HttpClient.newHttpClient();
    private LocalPayloadStore payloads;
    private JettyHttpServer server;

    @BeforeEach
    void start() throws Exception {
        ModelName model = new ModelName("m");
        log.served.put(model, new ServedModel(model, model, new PoolName("p"), null));
        Tenants tenants = new Tenants(Map.of("a", new TenantId("a"), "b", new TenantId("b")), Set.of());
        payloads = new LocalPayloadStore(directory, () -> NOW);
        Handoff handoff = new Handoff(tenants, log, responses, payloads, POLICY, new Observed(metrics, () -> NOW));
        Routes routes = new Routes();
        routes.on("POST", "/responses", (exchange, _) -> call(handoff, exchange, "/v1/responses"))
                .on("POST", "/chat/completions", (exchange, _) -> call(handoff, exchange, "/v1/chat/completions"));
        new AsyncApi(tenants, responses, payloads, log, POLICY, () -> NOW).register(routes);
        server = new JettyHttpServer(
                HttpServerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), routes);
        server.start();
    }

    private static void call(Handoff handoff, Exchange exchange, String path) throws IOException {
        byte[] body = exchange.body(1 << 20, "none");
        String model = JsonMapper.shared().readTree(body).get("model").asString();
        if (!handoff.takes(exchange, path, body, new ModelName(model))) {
            exchange.respond(418, "text/plain", "at once".getBytes(UTF_8));
        }
    }

    @AfterEach
    void stop() {
        http.close();
        server.close();
    }

    @Test
    void whatIsAcceptedSaysHowItIsSent() throws Exception {
        RequestId id = submit();

        StoredResponse stored = stored(id);
        Dispatch dispatch = Objects.requireNonNull(stored.dispatch());
        InputLine line = InputLineReader.read(dispatch.line().getBytes(UTF_8));
        assertThat(line.url()).isEqualTo("/v1/responses");
        BodyRef body = Objects.requireNonNull(line.bodyRef());
        assertThat(new String(payloads.readRange(new BlobId(body.blob()), 0, body.lengthBytes()), UTF_8))
                .isEqualTo("{\"model\":\"m\",\"input\":\"hi\",\"background\":false,\"store\":false}");
        assertThat(dispatch.headers())
                .containsEntry("penstock-request-id", id.value())
                .containsEntry("penstock-tenant", "a")
                .containsEntry(
                        "x-deadline-ms", Long.toString(NOW.plus(POLICY.window()).toEpochMilli()));
        assertThat(metrics.counter(IngestMetric.ASYNC, "/v1/responses").count()).isEqualTo(1);
    }

    @Test
    void anotherTenantsIsNotThere() throws Exception {
        RequestId id = submit();

        for (String path : new String[] {"/responses/" + id, "/requests/" + id, "/responses/" + id + "/input_items"}) {
            assertThat(get("b", path).statusCode()).as(path).isEqualTo(404);
            assertThat(get("a", path).statusCode()).as(path).isEqualTo(200);
        }
        assertThat(post("b", "/responses/" + id + "/cancel", "").statusCode()).isEqualTo(404);
        assertThat(get("a", "/responses/no id").statusCode()).isEqualTo(404);
    }

    @Test
    void aStreamLivesUntilTheEndAndLeavesNothingBehind() throws Exception {
        RequestId id = submit();
        HttpResponse<InputStream> stream =
                http.send(request("a", "/responses/" + id + "?stream=true").build(), BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), UTF_8))) {
            assertThat(until(lines, ": keep-alive")).contains("event: response.queued");
            responses.put(stored(id).started(NOW));
            assertThat(until(lines, "event: response.in_progress")).doesNotContain("event: response.queued");
            complete(id);
            assertThat(until(lines, "event: response.completed")).contains("event: response.output_text.delta");
        }
        Awaitility.await().until(responses::watched, watched -> watched == 0);
    }

    @Test
    void aClientThatLeavesIsNotWaitedFor() throws Exception {
        RequestId id = submit();
        HttpResponse<InputStream> stream =
                http.send(request("a", "/responses/" + id + "?stream=true").build(), BodyHandlers.ofInputStream());
        assertThat(responses.watched()).isEqualTo(1);

        stream.body().close();

        Awaitility.await().until(responses::watched, watched -> watched == 0);
    }

    @Test
    void aDeletedResponseEndsItsStreamAndItsRun() throws Exception {
        RequestId id = submit();
        HttpResponse<InputStream> stream =
                http.send(request("a", "/responses/" + id + "?stream=true").build(), BodyHandlers.ofInputStream());

        HttpResponse<String> deleted =
                http.send(request("a", "/responses/" + id).DELETE().build(), BodyHandlers.ofString());

        assertThat(json(deleted).get("deleted").asBoolean()).isTrue();
        assertThat(new String(stream.body().readAllBytes(), UTF_8)).doesNotContain("in_progress\"");
        assertThat(log.commands).singleElement().extracting(Control::target).isEqualTo(new Control.OneRequest(id));
        assertThat(stored(id).status()).isEqualTo(ResponseStatus.DELETED);
        assertThat(get("a", "/responses/" + id).statusCode()).isEqualTo(404);
    }

    @Test
    void aKeyIsOneRequestAlsoAfterItsDeletion() throws Exception {
        HttpResponse<String> first = post("a", "/responses", RESPONSE, "Idempotency-Key", "k");
        assertThat(json(post("a", "/responses", RESPONSE, "Idempotency-Key", "k"))
                        .get("id"))
                .isEqualTo(json(first).get("id"));
        assertThat(json(post("b", "/responses", RESPONSE, "Idempotency-Key", "k"))
                        .get("id"))
                .isNotEqualTo(json(first).get("id"));
        RequestId id = new RequestId(json(first).get("id").asString());
        responses.put(stored(id).deleted(NOW));

        HttpResponse<String> again = post("a", "/responses", RESPONSE, "Idempotency-Key", "k");

        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("was deleted");
    }

    @Test
    void noMoreAreKeptThanMayBe() throws Exception {
        for (int i = 0; i < 3; i++) {
            submit();
        }

        HttpResponse<String> refused = post("a", "/responses", RESPONSE);

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("x-should-retry")).contains("false");
        assertThat(refused.body()).contains("async.kept.max");
    }

    /// What was accepted before, under the same key too, is not known yet.
    @Test
    void nothingIsAcceptedBeforeAllIsKnown() throws Exception {
        responses.complete = false;

        HttpResponse<String> refused = post("a", "/responses", RESPONSE);

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(post("a", "/responses", RESPONSE.replace("true", "false")).statusCode())
                .as("answered at once")
                .isEqualTo(418);
    }

    @Test
    void aWaitEndsWithTheAnswerOrItsTimeAndHasALimit() throws Exception {
        RequestId id = submit();
        assertThat(json(get("a", "/requests/" + id + "?wait=10ms"))
                        .get("status")
                        .asString())
                .isEqualTo("queued");
        assertThat(get("a", "/requests/" + id).headers().firstValue("Retry-After"))
                .contains("1");
        HttpResponse<String> tooLong = get("a", "/requests/" + id + "?wait=2m");
        assertThat(tooLong.statusCode()).isEqualTo(400);
        assertThat(tooLong.body()).contains("async.wait.max.ms");
        assertThat(get("a", "/requests/" + id + "?wait=long").statusCode()).isEqualTo(400);

        var waiting =
                http.sendAsync(request("a", "/requests/" + id + "?wait=60s").build(), BodyHandlers.ofString());
        Awaitility.await().until(responses::watched, watched -> watched == 1);
        complete(id);

        assertThat(json(waiting.join()).get("status").asString()).isEqualTo("completed");
    }

    @Test
    void anAnswerThatTheLogNoLongerHasIsGone() throws Exception {
        RequestId id = submit();
        complete(id);
        responses.results.clear();

        assertThat(get("a", "/responses/" + id).statusCode()).isEqualTo(404);
    }

    private RequestId submit() throws Exception {
        HttpResponse<String> accepted = post("a", "/responses", RESPONSE);
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(200);
        return new RequestId(json(accepted).get("id").asString());
    }

    private void complete(RequestId id) {
        Place place = new Place(0, responses.results.size());
        String answer =
                "{\"id\":\"resp_engine\",\"object\":\"response\",\"status\":\"completed\",\"output\":[{\"type\":"
                        + "\"message\",\"id\":\"msg_1\",\"content\":[{\"type\":\"output_text\",\"text\":\"hello\"}]}]}";
        responses.results.put(place, OutputLine.answered(id, id.value(), 200, "r", answer.getBytes(UTF_8)));
        responses.put(stored(id).ended(new Ending(ResponseStatus.COMPLETED, place, null), NOW, NOW.plusSeconds(60)));
    }

    private StoredResponse stored(RequestId id) {
        return Objects.requireNonNull(responses.find(id));
    }

    /// Everything up to the first line that is `last`.
    private static String until(BufferedReader lines, String last) throws IOException {
        StringBuilder read = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            read.append(line).append('\n');
            if (line.equals(last)) {
                return read.toString();
            }
        }
        throw new AssertionError("the stream ended without " + last + ": " + read);
    }

    private HttpResponse<String> get(String key, String path) throws Exception {
        return http.send(request(key, path.replace(" ", "%20")).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String key, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = request(key, path).POST(BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String key, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v1" + path))
                .header("Authorization", "Bearer " + key);
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }
}
