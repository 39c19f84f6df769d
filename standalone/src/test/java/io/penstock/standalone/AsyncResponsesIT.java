package io.penstock.standalone;

import static io.penstock.standalone.RawHttp.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseRetrieveParams;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseTextDeltaEvent;
import com.openai.models.responses.inputitems.InputItemListParams;
import io.penstock.ingest.IngestApi;
import io.penstock.ingest.IngestConfig;
import io.penstock.ingest.batches.BatchesApi.Observed;
import io.penstock.ingest.http.HttpServerConfig;
import io.penstock.payload.LocalPayloadStore;
import io.penstock.pool.Endpoint;
import io.penstock.pool.discovery.EngineSources;
import io.penstock.service.Health;
import io.penstock.service.KafkaClients;
import io.penstock.service.Metrics;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Background responses by the official OpenAI client and `Prefer: respond-async` by hand, sent to one
/// API and read back from another that was started later: real broker, real HTTP, simulated engines at
/// real speed.
@Timeout(120)
class AsyncResponsesIT {
    private static final String MODEL = StandaloneOptions.Simulation.DEFAULT.model();
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    static Path dir;

    private static Standalone penstock;
    private static IngestApi second;
    private static OpenAIClient openai;
    private static OpenAIClient other;
    private static RawHttp http;

    @BeforeAll
    static void start() throws Exception {
        penstock = Standalone.start(StandaloneOptions.in(dir.resolve("data")));
        openai = client(penstock.apiUri().toString());
        http = new RawHttp();
        // Accepted before the second API was there.
        openai.responses().create(asked("first", 8).build());
        second = api(penstock.bootstrapServers(), List.of());
        other = client(secondUri());
    }

    private static IngestApi api(String broker, List<Endpoint> engines) throws Exception {
        IngestApi api = new IngestApi(
                IngestConfig.of(
                        HttpServerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                        EngineSources.named(engines)),
                KafkaClients.at(broker),
                new Topics(TopicLayout.STANDALONE),
                new LocalPayloadStore(dir.resolve("data").resolve("payloads"), InstantSource.system()),
                new Observed(new Metrics(), InstantSource.system()));
        api.start();
        return api;
    }

    @AfterAll
    static void stop() {
        http.close();
        openai.close();
        other.close();
        second.close();
        penstock.close();
    }

    @Test
    void aResponseIsQueuedCompletedReadAnywhereAndDeleted() {
        Response queued = openai.responses()
                .create(asked("tell", 8).instructions("Be brief.").build());
        assertThat(queued.validate().status()).contains(ResponseStatus.QUEUED);
        assertThat(queued.background()).contains(true);
        assertThat(queued.instructions().orElseThrow().asString()).isEqualTo("Be brief.");

        Response done = awaitEnd(other, queued.id());

        assertThat(done.validate().status()).contains(ResponseStatus.INCOMPLETE);
        assertThat(done.id()).isEqualTo(queued.id());
        assertThat(done.model().asString()).isEqualTo(MODEL);
        assertThat(text(done).split(" ")).hasSize(8);
        assertThat(done.createdAt()).isEqualTo(queued.createdAt());
        assertThat(openai.responses().retrieve(queued.id())).isEqualTo(done);
        assertThat(other.responses()
                        .inputItems()
                        .list(InputItemListParams.builder()
                                .responseId(queued.id())
                                .build())
                        .data()
                        .getFirst()
                        .validate()
                        .asResponseInputMessageItem()
                        .content()
                        .getFirst()
                        .asInputText()
                        .text())
                .isEqualTo("tell");

        other.responses().delete(queued.id());

        assertThatThrownBy(() -> other.responses().retrieve(queued.id())).isInstanceOf(NotFoundException.class);
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(() -> openai.responses().retrieve(queued.id()))
                        .isInstanceOf(NotFoundException.class));
    }

    @Test
    void aStreamIsTheSameWhereverItGoesOn() {
        List<ResponseStreamEvent> events;
        try (StreamResponse<ResponseStreamEvent> stream =
                openai.responses().createStreaming(asked("stream", 60).build())) {
            events = stream.stream().map(ResponseStreamEvent::validate).toList();
        }
        assertThat(events.get(0).isCreated()).isTrue();
        assertThat(events.get(1).isQueued()).isTrue();
        assertThat(events.get(2).isInProgress()).isTrue();
        Response done = events.getLast().asIncomplete().response();
        assertThat(deltas(events)).isEqualTo(text(done)).isNotEmpty();
        assertThat(openai.responses().retrieve(done.id())).isEqualTo(done);

        for (int after : new int[] {0, 2, 5, events.size() - 2, events.size() - 1}) {
            try (StreamResponse<ResponseStreamEvent> rest = other.responses()
                    .retrieveStreaming(ResponseRetrieveParams.builder()
                            .responseId(done.id())
                            .startingAfter((long) after)
                            .build())) {
                assertThat(rest.stream().toList())
                        .as("behind %d", after)
                        .isEqualTo(events.subList(after + 1, events.size()));
            }
        }
    }

    @Test
    void aRunningResponseIsCancelledOnceAndForAll() {
        Response queued = openai.responses().create(asked("long", 20_000).build());
        Awaitility.await()
                .atMost(PATIENCE)
                .until(
                        () -> other.responses().retrieve(queued.id()).status().orElseThrow(),
                        ResponseStatus.IN_PROGRESS::equals);

        Response cancelled = other.responses().cancel(queued.id());

        assertThat(cancelled.validate().status()).contains(ResponseStatus.CANCELLED);
        assertThat(openai.responses().cancel(queued.id()).status()).contains(ResponseStatus.CANCELLED);
        try (StreamResponse<ResponseStreamEvent> stream = openai.responses()
                .retrieveStreaming(
                        ResponseRetrieveParams.builder().responseId(queued.id()).build())) {
            List<ResponseStreamEvent> events = stream.stream().toList();
            assertThat(events).hasSize(4);
            assertThat(events.getLast().asFailed().response().status()).contains(ResponseStatus.CANCELLED);
        }
    }

    @Test
    void whatAnEngineRefusesFailsInOpenAisWords() {
        Response queued = openai.responses()
                .create(asked("bad", 8)
                        .putAdditionalBodyProperty("simulate", JsonValue.from(Map.of("status", 400)))
                        .build());

        Response failed = awaitEnd(openai, queued.id()).validate();

        assertThat(failed.status()).contains(ResponseStatus.FAILED);
        assertThat(failed.error().orElseThrow().code().asString()).isEqualTo("invalid_prompt");
    }

    @Test
    void whatCannotBeAcceptedIsRefusedAtOnce() {
        assertThatThrownBy(() ->
                        openai.responses().create(asked("x", 8).model("nobody").build()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("nobody");
        assertThatThrownBy(() ->
                        openai.responses().create(asked("x", 8).store(false).build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("store");
        assertThatThrownBy(() -> openai.responses().retrieve("resp_0123456789abcdef0123456789abcdef"))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void aResponseInTheForegroundIsAnsweredAtOnce() {
        Response done =
                openai.responses().create(asked("now", 8).background(false).build());

        assertThat(done.status()).contains(ResponseStatus.INCOMPLETE);
        assertThatThrownBy(() -> openai.responses().cancel(done.id())).isInstanceOf(NotFoundException.class);
    }

    @Test
    void aCallThatPrefersItIsAnsweredLater() throws Exception {
        HttpResponse<String> accepted = send("/chat/completions", chat("hello", ""), "Prefer", "respond-async");
        assertThat(accepted.statusCode()).isEqualTo(202);
        assertThat(accepted.headers().firstValue("Preference-Applied")).contains("respond-async");
        assertThat(json(accepted).get("status").asString()).isEqualTo("queued");
        String location = accepted.headers().firstValue("Location").orElseThrow();
        assertThat(location)
                .isEqualTo("/v1/requests/" + json(accepted).get("id").asString());

        JsonNode done = get(secondUri(), location.substring("/v1".length()) + "?wait=40s");

        assertThat(done.get("status").asString()).isEqualTo("completed");
        assertThat(done.at("/response/status_code").asInt()).isEqualTo(200);
        assertThat(done.at("/response/body/object").asString()).isEqualTo("chat.completion");
        assertThat(done.at("/response/body/model").asString()).isEqualTo(MODEL);
        assertThat(done.get("error").isNull()).isTrue();
        assertThat(get(penstock.apiUri().toString(), location.substring("/v1".length())))
                .isEqualTo(done);
    }

    @Test
    void theSameKeyIsOneRequestAtEitherApi() throws Exception {
        String body = chat("once", ",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
        HttpResponse<String> first =
                send("/chat/completions", body, "Prefer", "respond-async", "Idempotency-Key", "k1");
        HttpResponse<String> again =
                http.post(secondUri() + "/chat/completions", body, "Prefer", "respond-async", "Idempotency-Key", "k1");
        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(json(again).get("id")).isEqualTo(json(first).get("id"));
        HttpResponse<String> another =
                send("/chat/completions", chat("twice", ""), "Prefer", "respond-async", "Idempotency-Key", "k1");
        assertThat(another.statusCode()).isEqualTo(409);

        String id = json(first).get("id").asString();
        JsonNode done = get(secondUri(), "/requests/" + id + "?wait=40s");
        assertThat(done.at("/response/body/object").asString()).isEqualTo("chat.completion");
    }

    @Test
    void aBodyTooLargeForARecordIsNoHindrance() throws Exception {
        String body = chat("large", ",\"padding\":\"" + "ä".repeat(200_000) + "\"");
        HttpResponse<String> accepted = send("/chat/completions", body, "Prefer", "handling=lenient, Respond-Async");
        String id = json(accepted).get("id").asString();

        JsonNode done = get(secondUri(), "/requests/" + id + "?wait=40s");

        assertThat(done.get("status").asString()).isEqualTo("completed");
    }

    @Test
    void withKafkaAwayItIsRefusedForNowAndChatGoesOn() throws Exception {
        List<Endpoint> engines = penstock.simulators().stream()
                .map(simulator -> Endpoint.at(URI.create(simulator.baseUrl())))
                .toList();
        IngestApi alone = api("127.0.0.1:1", engines);
        try {
            String uri = "http://127.0.0.1:" + alone.port() + "/v1/chat/completions";
            Awaitility.await().atMost(PATIENCE).until(() -> alone.engines() instanceof Health.Up);

            HttpResponse<String> later = http.post(uri, chat("later", ""), "Prefer", "respond-async");
            HttpResponse<String> now = http.post(uri, chat("now", ""));

            assertThat(later.statusCode()).isEqualTo(503);
            assertThat(later.headers().firstValue("Retry-After")).contains("1");
            assertThat(now.statusCode()).isEqualTo(200);
        } finally {
            alone.close();
        }
    }

    /// Its client goes on behind the last number at another replica.
    @Test
    void aReplicaThatStopsEndsItsStreamsAtOnce() throws Exception {
        Response queued = openai.responses().create(asked("stopped", 20_000).build());
        IngestApi third = api(penstock.bootstrapServers(), List.of());
        HttpResponse<InputStream> stream =
                http.stream("http://127.0.0.1:" + third.port() + "/v1/responses/" + queued.id() + "?stream=true");

        third.close();

        assertThat(new String(stream.body().readAllBytes(), UTF_8))
                .contains("event: response.queued")
                .doesNotContain("event: response.failed");
        assertThat(openai.responses().cancel(queued.id()).status()).contains(ResponseStatus.CANCELLED);
    }

    @Test
    void embeddingsComeLaterTooAndAreCancelledAndDeletedByTheirOwner() throws Exception {
        String body = "{\"model\":\"" + MODEL + "\",\"input\":[\"a\",\"b\"]}";
        String id = json(send("/embeddings", body, "Prefer", "respond-async"))
                .get("id")
                .asString();
        JsonNode done = get(secondUri(), "/requests/" + id + "?wait=40s");
        assertThat(done.at("/response/body/data").size()).isEqualTo(2);
        assertThat(send("/requests/" + id + "/cancel", "").statusCode()).isEqualTo(409);

        String uri = penstock.apiUri() + "/requests/" + id;
        assertThat(json(http.delete(uri)).get("deleted").asBoolean()).isTrue();
        assertThat(http.get(uri).statusCode()).isEqualTo(404);
    }

    private static ResponseCreateParams.Builder asked(String input, long tokens) {
        return ResponseCreateParams.builder()
                .model(MODEL)
                .input(input)
                .maxOutputTokens(tokens)
                .background(true)
                .putAdditionalBodyProperty("ignore_eos", JsonValue.from(true));
    }

    private static Response awaitEnd(OpenAIClient client, String id) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .until(
                        () -> client.responses().retrieve(id),
                        response -> !List.of(ResponseStatus.QUEUED, ResponseStatus.IN_PROGRESS)
                                .contains(response.status().orElseThrow()));
    }

    private static String text(Response response) {
        return response.output()
                .getFirst()
                .asMessage()
                .content()
                .getFirst()
                .asOutputText()
                .text();
    }

    private static String deltas(List<ResponseStreamEvent> events) {
        return events.stream()
                .flatMap(event -> event.outputTextDelta().stream())
                .map(ResponseTextDeltaEvent::delta)
                .collect(Collectors.joining());
    }

    private static String chat(String content, String more) {
        return "{\"model\":\"" + MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + content
                + "\"}],\"max_tokens\":8" + more + "}";
    }

    private static OpenAIClient client(String baseUrl) {
        return OpenAIOkHttpClient.builder().apiKey("any").baseUrl(baseUrl).build();
    }

    private static String secondUri() {
        return "http://127.0.0.1:" + second.port() + "/v1";
    }

    private static JsonNode get(String base, String path) throws Exception {
        return json(http.get(base + path));
    }

    private static HttpResponse<String> send(String path, String body, String... headers) throws Exception {
        return http.post(penstock.apiUri() + path, body, headers);
    }
}
