package io.penstock.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.ingest.http.jetty.JettyHttpServer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Clients that take their time over heads and bodies.
class SlowClientTest {
    private static final Duration GRACE = Duration.ofMillis(1500);

    private JettyHttpServer server;
    private JettyHttpServer hourglass;

    @BeforeEach
    void start() throws IOException {
        Routes routes = new Routes()
                .on(
                        "POST",
                        "/echo",
                        (exchange, _) -> exchange.respond(200, "text/plain", exchange.body(100_000, "test.max")))
                .on("POST", "/late", (exchange, _) -> {
                    untilAHeadIsOverdue(server);
                    exchange.respond(200, "text/plain", exchange.body(100_000, "test.max"));
                })
                .on("GET", "/ok", (exchange, _) -> exchange.respond(200, "text/plain", new byte[0]));
        server = Servers.start(routes, GRACE, Duration.ofSeconds(5));
        hourglass = Servers.start(routes, GRACE.dividedBy(3), Duration.ofSeconds(5));
    }

    @AfterEach
    void stop() {
        server.close();
        hourglass.close();
    }

    /// Lets as much time pass as the server gives a head.
    private static void untilAHeadIsOverdue(JettyHttpServer server) throws IOException {
        try (RawClient client = RawClient.to(server).send("GET")) {
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void aDrippedBodyIs408() throws IOException {
        try (RawClient client = RawClient.to(server)) {
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n");
            AtomicBoolean answered = new AtomicBoolean();
            Thread dripping = Thread.ofVirtual()
                    .start(() ->
                            await().pollInterval(Duration.ofMillis(50)).until(() -> answered.get() || !client.drip()));
            assertIs408(client.answer());
            answered.set(true);
            assertThat(client.isClosedByServer()).isTrue();
            await().until(() -> !dripping.isAlive());
        }
    }

    /// The server's idle timeout is as long as the client waits for an answer.
    @Test
    void aBodyThatStopsIs408LongBeforeTheIdleTimeout() throws IOException {
        try (RawClient client = RawClient.to(server)) {
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
            assertIs408(client.answer());
        }
    }

    private static void assertIs408(RawClient.Answer answer) {
        assertThat(answer.status()).isEqualTo(408);
        assertThat(answer.headers())
                .containsEntry("content-type", "application/json")
                .containsEntry("connection", "close")
                .containsKey("x-request-id");
        assertThat(answer.body())
                .startsWith("{\"error\":{\"message\":\"")
                .contains("http.body.min.bytes.per.second", "1024")
                .endsWith("\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}");
    }

    @Test
    void aBodyThatWaitedForItsHandlerIsNotSlow() throws IOException {
        try (RawClient client = RawClient.to(server).post("/late", "hi")) {
            assertThat(client.answer().body()).isEqualTo("hi");
        }
    }

    @Test
    void aHalfSentBodyIsExplained() throws IOException {
        try (RawClient client = RawClient.to(server)) {
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
            client.halfClose();
            assertIs400(client.answer());
        }
    }

    @Test
    void aBodyWithBrokenChunksIsExplained() throws IOException {
        try (RawClient client = RawClient.to(server)) {
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nzz\r\n");
            assertIs400(client.answer());
        }
    }

    private static void assertIs400(RawClient.Answer answer) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).startsWith("{\"error\":{\"message\":\"The request body cannot be read");
        assertThat(answer.headers()).containsKey("x-request-id");
    }

    @Test
    void aHeadMayComeInTwoPiecesOnAConnectionThatWasIdle() throws IOException {
        try (RawClient client = RawClient.to(server)) {
            assertThat(client.get("/ok").answer().status()).isEqualTo(200);
            untilAHeadIsOverdue(server);
            client.send("GET /ok HTTP/1.1\r\nHo");
            untilAHeadIsOverdue(hourglass);
            assertThat(client.send("st: a\r\n\r\n").answer().status()).isEqualTo(200);
        }
    }

    @Test
    void aDrippedHeadIsCutOff() throws IOException {
        try (RawClient client = RawClient.to(server).get("/ok")) {
            assertThat(client.answer().status()).isEqualTo(200);
            await().pollInterval(Duration.ofMillis(50)).until(() -> !client.drip());
        }
    }
}
