package io.penstock.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.http.jetty.JettyHttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds for every answer, whether a handler, the routes or the parser made it.
class EveryAnswerTest {
    private final AtomicInteger handled = new AtomicInteger();
    private JettyHttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = Servers.start(new Routes()
                .on("GET", "/models/{id...}", (exchange, path) -> {
                    handled.incrementAndGet();
                    exchange.respond(200, "text/plain", path.get("id").getBytes(StandardCharsets.UTF_8));
                })
                .on("GET", "/files", (exchange, _) -> {
                    handled.incrementAndGet();
                    String limit = exchange.query("limit");
                    exchange.respond(200, "text/plain", ("" + limit).getBytes(StandardCharsets.UTF_8));
                })
                .on("POST", "/files", (exchange, _) -> {
                    exchange.body(10, "test.max");
                    exchange.respond(200, "text/plain", new byte[0]);
                })
                .on("POST", "/refuse", (_, _) -> {
                    throw new ApiException(ErrorKind.NO_API_KEY, "no key");
                }));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/models/../files",
                "/models/./x",
                "/v1/models/..",
                "/models/%2e%2e/files",
                "/models/%2E/files",
                "/models/.%2e/files",
                "/models/a%2F..%2Fb",
                "/models/a/..%2fb",
                "/models/%2e%2e%2fb",
                "/models/..;x=y/files",
                "/models/%252e%252e/files"
            })
    void dotSegmentsReachNoHandler(String path) throws IOException {
        try (RawClient client = RawClient.to(server).get(path)) {
            assertIsEnvelope(client.answer(), 400);
        }
        assertThat(handled).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({"/models/..., ...", "/models/.a/b..c, .a/b..c"})
    void otherDotsAreNames(String path, String name) throws IOException {
        try (RawClient client = RawClient.to(server).get(path)) {
            assertThat(client.answer().body()).isEqualTo(name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/models/%zz", "/models/%ff", "/files?limit=%zz", "/files?limit=%ff"})
    void whatCannotBeDecodedIs400(String path) throws IOException {
        try (RawClient client = RawClient.to(server).get(path)) {
            assertIsEnvelope(client.answer(), 400);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, 'GET /files HTTP/1.1\r\n\r\n'",
        "400, 'GET /files HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'",
        "400, 'POST /files HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'",
        "400, 'POST /files HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'",
        "400, 'POST /files HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'",
        "400, 'GET /files HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n'",
        "400, 'GET /files HTTP/1.1\nHost: a\n\n'",
        "400, 'nonsense\r\n\r\n'",
        "505, 'GET /files HTTP/9.9\r\nHost: a\r\n\r\n'",
        "417, 'POST /files HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\nContent-Length: 0\r\n\r\n'",
        "404, 'GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n'",
        "405, 'DELETE /files HTTP/1.1\r\nHost: a\r\n\r\n'",
        "413, 'POST /files HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n12345678901'",
        "413, 'POST /files HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n0\r\n\r\n'"
    })
    void anErrorIsAnEnvelopeWithARequestId(int status, String request) throws IOException {
        try (RawClient client = RawClient.to(server).send(request)) {
            assertIsEnvelope(client.answer(), status);
        }
    }

    @Test
    void anOversizedHeadIsNamed() throws IOException {
        try (RawClient client = RawClient.to(server).get("/files", "X: " + "y".repeat(20_000))) {
            RawClient.Answer answer = client.answer();
            assertIsEnvelope(answer, 431);
            assertThat(answer.body()).contains("16384");
        }
    }

    private static void assertIsEnvelope(RawClient.Answer answer, int status) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headers())
                .containsEntry("content-type", "application/json")
                .containsKey("x-request-id");
        assertThat(answer.body())
                .startsWith("{\"error\":{\"message\":\"")
                .contains("\"type\":\"")
                .endsWith("\"param\":null,\"code\":null}}");
    }

    @Test
    void theClientsIdsComeBack() throws IOException {
        String longest = "~ ".repeat(255) + "~~";
        try (RawClient client = RawClient.to(server)) {
            client.get("/files", "X-Request-Id: r-1", "X-Client-Request-Id: " + longest);
            RawClient.Answer answer = client.answer();
            assertThat(answer.headers())
                    .containsEntry("x-request-id", "r-1")
                    .containsEntry("x-client-request-id", longest);
            assertThat(client.get("/nowhere", "X-Client-Request-Id: c-2")
                            .answer()
                            .headers())
                    .containsEntry("x-client-request-id", "c-2");
            assertThat(client.get("/files").answer().headers()).doesNotContainKey("x-client-request-id");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"é", "long"})
    void aClientRequestIdThatIsNoneIsRefused(String id) throws IOException {
        try (RawClient client = RawClient.to(server)) {
            client.get("/files", "X-Client-Request-Id: " + (id.equals("long") ? "x".repeat(513) : id));
            RawClient.Answer answer = client.answer();
            assertIsEnvelope(answer, 400);
            assertThat(answer.body()).contains("X-Client-Request-Id", "512");
            assertThat(answer.headers()).doesNotContainKey("x-client-request-id");
        }
        assertThat(handled).hasValue(0);
    }

    /// Most clients send the whole body before they read the refusal: it must not cost the connection.
    @Test
    void aRefusalOfASmallBodyKeepsTheConnection() throws IOException {
        try (RawClient client = RawClient.to(server)) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.post("/refuse", "x".repeat(5000)).answer().status())
                        .isEqualTo(401);
            }
        }
    }

    @Test
    void aRefusalInTheMiddleOfALargeBodyEndsTheConnection() throws IOException {
        try (RawClient client = RawClient.to(server)) {
            client.send("POST /files HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(1000));
            RawClient.Answer answer = client.answer();
            assertIsEnvelope(answer, 413);
            assertThat(answer.headers()).containsEntry("connection", "close");
        }
    }
}
