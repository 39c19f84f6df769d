package io.penstock.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.penstock.ingest.http.jetty.JettyHttpServer;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An answer that its handler could not finish must not look finished.
class CutOffTest {
    private final LogCapture log = new LogCapture();
    private JettyHttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = Servers.start(new Routes()
                .on("GET", "/stream/{how}", (exchange, path) -> {
                    try (OutputStream out = exchange.stream(200, "text/plain")) {
                        out.write("hello".getBytes(StandardCharsets.UTF_8));
                        fail(path.get("how"));
                    }
                })
                .on("GET", "/sized/{how}", (exchange, path) -> {
                    exchange.header("Content-Length", "10");
                    try (OutputStream out = exchange.stream(200, "text/plain")) {
                        out.write("hello".getBytes(StandardCharsets.UTF_8));
                        fail(path.get("how"));
                    }
                })
                .on("GET", "/nothing", (exchange, _) -> {
                    exchange.header("Content-Length", "10");
                    exchange.header("Content-Disposition", "attachment");
                    try (OutputStream _ = exchange.stream(200, "text/plain")) {
                        fail("io");
                    }
                })
                .on("GET", "/unanswered", (_, _) -> {})
                .on("GET", "/good", (exchange, _) -> {
                    try (OutputStream out = exchange.stream(200, "text/plain")) {
                        out.write("hello".getBytes(StandardCharsets.UTF_8));
                    }
                }));
    }

    private static void fail(String how) throws IOException {
        switch (how) {
            case "io" -> throw new IOException("the disk broke");
            case "runtime" -> throw new IllegalStateException("a bug");
            case "api" -> throw new ApiException(ErrorKind.NOT_FOUND, "too late");
            default -> {}
        }
    }

    @AfterEach
    void stop() {
        server.close();
        log.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"io", "runtime", "api"})
    void aChunkedAnswerHasNoLastChunk(String how) throws IOException {
        try (RawClient client = RawClient.to(server).get("/stream/" + how)) {
            client.head();
            assertThat(client.chunk()).isEqualTo("hello");
            assertThatThrownBy(client::chunk).isInstanceOf(EOFException.class);
        }
        assertThat(log.at(Level.ERROR)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"io", "runtime", "api", "none"})
    void anAnswerOfKnownLengthIsShort(String how) throws IOException {
        try (RawClient client = RawClient.to(server).get("/sized/" + how)) {
            assertThatThrownBy(client::answer).hasMessage("cut off after 5 of 10 bytes");
        }
        assertThat(log.at(Level.ERROR)).hasSize(1);
    }

    @Test
    void anAnswerOnAConnectionToBeClosedIsChunkedToo() throws IOException {
        try (RawClient client = RawClient.to(server).get("/stream/io", "Connection: close")) {
            client.head();
            assertThat(client.chunk()).isEqualTo("hello");
            assertThatThrownBy(client::chunk).isInstanceOf(EOFException.class);
        }
        try (RawClient client = RawClient.to(server).get("/good", "Connection: close")) {
            assertThat(client.head().headers()).containsEntry("connection", "close");
            assertThat(client.chunk()).isEqualTo("hello");
            assertThat(client.chunk()).isEmpty();
        }
    }

    @Test
    void anAnswerThatEndsWithItsConnectionEndsWithAReset() throws IOException {
        try (RawClient client = RawClient.to(server).send("GET /stream/io HTTP/1.0\r\nHost: a\r\n\r\n")) {
            assertThatThrownBy(client::answer).isInstanceOf(SocketException.class);
        }
        try (RawClient client = RawClient.to(server).send("GET /good HTTP/1.0\r\nHost: a\r\n\r\n")) {
            assertThat(client.answer().body()).isEqualTo("hello");
        }
    }

    @Test
    void aFailureBeforeTheFirstByteIsStillAnError() throws IOException {
        try (RawClient client = RawClient.to(server).get("/nothing")) {
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body()).startsWith("{\"error\":{");
            assertThat(answer.headers())
                    .doesNotContainKey("content-disposition")
                    .containsKeys("x-request-id", "date");
            // The connection is fine: only the call failed.
            assertThat(client.get("/good").answer().body()).isEqualTo("hello");
        }
    }

    @Test
    void aHandlerThatAnswersNothingIsAFaultOfOurs() throws IOException {
        try (RawClient client = RawClient.to(server).get("/unanswered")) {
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body()).startsWith("{\"error\":{");
            assertThat(answer.headers()).containsKey("x-request-id");
        }
        assertThat(log.at(Level.ERROR)).hasSize(1);
    }
}
