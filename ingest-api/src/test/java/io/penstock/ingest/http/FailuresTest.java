package io.penstock.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.penstock.ingest.http.jetty.JettyHttpServer;
import io.penstock.payload.PayloadStoreFull;
import io.penstock.payload.PayloadStoreUnavailable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A client that left is its own affair; every other failure is ours, and is logged and answered.
class FailuresTest {
    private final LogCapture log = new LogCapture();
    private final AtomicInteger ended = new AtomicInteger();
    private final CountDownLatch started = new CountDownLatch(1);
    private JettyHttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = Servers.start(new Routes()
                .on("GET", "/fail/{how}", (_, path) -> {
                    throw switch (path.get("how")) {
                        case "full" -> new PayloadStoreFull("no room", new IOException("No space left"));
                        case "unavailable" -> new PayloadStoreUnavailable("no store", new IOException("gone"));
                        default -> new IOException("broken");
                    };
                })
                .on("POST", "/flood", (exchange, _) -> {
                    exchange.body(100, "test.max");
                    try (OutputStream out = exchange.stream(200, "text/plain")) {
                        started.countDown();
                        while (true) {
                            out.write(new byte[64 * 1024]);
                        }
                    } finally {
                        ended.incrementAndGet();
                    }
                })
                .on("POST", "/engine", (exchange, _) -> {
                    exchange.body(100, "test.max");
                    CountDownLatch gone = new CountDownLatch(1);
                    exchange.onGone(gone::countDown);
                    started.countDown();
                    gone.await();
                    ended.incrementAndGet();
                    // As a call to an engine fails that was cancelled for the client's sake.
                    throw new IOException("Canceled");
                })
                .on("POST", "/upload", (exchange, _) -> {
                    started.countDown();
                    try {
                        exchange.body().readAllBytes();
                    } finally {
                        ended.incrementAndGet();
                    }
                }));
    }

    @AfterEach
    void stop() {
        server.close();
        log.close();
    }

    @ParameterizedTest
    @CsvSource({"full, 503", "unavailable, 503", "broken, 500"})
    void aFailureOfOursIsLoggedAndAnswered(String how, int status) throws IOException {
        try (RawClient client = RawClient.to(server).get("/fail/" + how, "X-Request-Id: r-1")) {
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.body()).startsWith("{\"error\":{").contains("\"server_error\"");
            assertThat(answer.header("x-request-id")).isEqualTo("r-1");
            assertThat(answer.headers().containsKey("retry-after")).isEqualTo(status == 503);
        }
        assertThat(log.at(Level.ERROR)).singleElement().asString().contains("requestId=\"r-1\"");
    }

    @Test
    void aClientThatLeavesMidAnswerIsNoError() throws Exception {
        leaveDuring("/flood", "");
    }

    @Test
    void aCallCancelledForAClientThatLeftIsNoError() throws Exception {
        leaveDuring("/engine", "");
    }

    @Test
    void aClientThatLeavesMidBodyIsNoError() throws Exception {
        leaveDuring("/upload", "Content-Length: 9");
    }

    private void leaveDuring(String path, String header) throws Exception {
        RawClient client = RawClient.to(server);
        client.send("POST " + path + " HTTP/1.1\r\nHost: a\r\n" + (header.isEmpty() ? "Content-Length: 0" : header)
                + "\r\n\r\n" + (header.isEmpty() ? "" : "half"));
        started.await();
        client.reset();
        await().until(() -> ended.get() == 1);
        server.close();
        assertThat(log.at(Level.ERROR)).isEmpty();
        assertThat(log.at(Level.WARN)).isEmpty();
    }
}
