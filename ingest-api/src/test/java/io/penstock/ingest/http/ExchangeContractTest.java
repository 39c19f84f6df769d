package io.penstock.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.ingest.http.jetty.JettyHttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the server behind the `Exchange` port must do, spoken over raw sockets.
class ExchangeContractTest {
    private static final int BODY_MAX = 1000;

    private final AtomicInteger gone = new AtomicInteger();
    private final AtomicInteger started = new AtomicInteger();
    private final CountDownLatch release = new CountDownLatch(1);
    private JettyHttpServer server;
    private int port;

    @BeforeEach
    void start() throws IOException {
        Routes routes = new Routes()
                .on("POST", "/echo", (exchange, _) -> {
                    byte[] body = exchange.body(BODY_MAX, "test.body.max.bytes");
                    exchange.onGone(gone::incrementAndGet);
                    exchange.respond(200, "text/plain", body);
                })
                .on("POST", "/wait", (exchange, _) -> {
                    byte[] body = exchange.body(BODY_MAX, "test.body.max.bytes");
                    exchange.onGone(() -> {
                        gone.incrementAndGet();
                        release.countDown();
                    });
                    started.incrementAndGet();
                    boolean _ = release.await(20, TimeUnit.SECONDS);
                    exchange.respond(200, "text/plain", body);
                })
                .on("POST", "/stream", (exchange, _) -> {
                    exchange.body(BODY_MAX, "test.body.max.bytes");
                    exchange.onGone(() -> {
                        gone.incrementAndGet();
                        release.countDown();
                    });
                    try (OutputStream events = exchange.stream(200, "text/event-stream")) {
                        events.write("data: 1\n\n".getBytes(StandardCharsets.UTF_8));
                        started.incrementAndGet();
                        boolean _ = release.await(20, TimeUnit.SECONDS);
                        events.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
                    }
                })
                .on(
                        "GET",
                        "/models/{id...}",
                        (exchange, path) -> exchange.respond(
                                200, "text/plain", path.get("id").getBytes(StandardCharsets.UTF_8)))
                .on("GET", "/boom", (_, _) -> {
                    throw new IllegalStateException("boom");
                });
        server = new JettyHttpServer(
                new HttpServerConfig(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        100,
                        Duration.ofSeconds(20),
                        Duration.ofMillis(500),
                        1024,
                        Duration.ofSeconds(10)),
                routes);
        server.start();
        port = server.port();
    }

    @AfterEach
    void stop() {
        release.countDown();
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"/wait, FIN", "/wait, RST", "/wait, half-close", "/stream, FIN", "/stream, RST", "/stream, half-close"})
    void aClientThatLeavesWhileItsAnswerIsMadeIsNoticed(String path, String how) throws IOException {
        Socket socket = connect();
        send(socket, "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
        await().until(() -> started.get() == 1);
        if (how.equals("RST")) {
            socket.setSoLinger(true, 0);
        }
        if (how.equals("half-close")) {
            socket.shutdownOutput();
        } else {
            socket.close();
        }
        await().until(() -> gone.get() == 1);
        socket.close();
    }

    @Test
    void pipelinedRequestsAreAllAnswered() throws IOException {
        try (Socket socket = connect()) {
            String request = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n";
            send(
                    socket,
                    request + "n1" + request + "n2" + request + "n3"
                            + "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nn4");
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answers).containsSubsequence("n1", "n2", "n3", "n4");
        }
        assertThat(gone).hasValue(0);
    }

    @Test
    void aRequestThatComesWhileTheFirstIsAtWorkIsAnsweredAfterIt() throws IOException {
        try (Socket socket = connect()) {
            send(socket, "POST /wait HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nn1");
            await().until(() -> started.get() == 1);
            send(socket, "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nn2");
            release.countDown();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .containsSubsequence("n1", "n2");
        }
        assertThat(gone).hasValue(0);
    }

    @Test
    void aConnectionServesManyRequests() throws IOException {
        try (Socket socket = connect()) {
            for (int i = 0; i < 200; i++) {
                send(socket, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd");
                readUntil(socket, "abcd");
            }
        }
        assertThat(gone).hasValue(0);
    }

    @Test
    void aBodyAtTheLimitPassesAndOneByteMoreDoesNot() throws IOException {
        assertThat(exchange("POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n"
                        + "x".repeat(1000)))
                .startsWith("HTTP/1.1 200");
        assertThat(exchange("POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1001\r\n\r\n"
                        + "x".repeat(1001)))
                .startsWith("HTTP/1.1 413")
                .contains("test.body.max.bytes", "\"code\":null");
        assertThat(exchange("POST /echo HTTP/1.1\r\n"
                        + "Host: a\r\n"
                        + "Connection: close\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + "3e8\r\n"
                        + "x".repeat(1000) + "\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
        assertThat(exchange("POST /echo HTTP/1.1\r\n"
                        + "Host: a\r\n"
                        + "Connection: close\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + "3e9\r\n"
                        + "x".repeat(1001) + "\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 413");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /echo HTTP/1.1\r\n\r\n",
                "GET /echo HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET /echo HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n",
                "nonsense\r\n\r\n"
            })
    void aMalformedRequestIsRefusedInTheEnvelope(String request) throws IOException {
        assertThat(exchange(request)).startsWith("HTTP/1.1 400").contains("{\"error\":{\"message\":");
    }

    @Test
    void anOversizedHeadIsRefused() throws IOException {
        assertThat(exchange("GET /echo HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431")
                .contains("{\"error\":");
    }

    @Test
    void aHeadThatNeverEndsIsCutOff() throws Exception {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            await().pollInterval(Duration.ofMillis(50)).until(() -> {
                try {
                    out.write('G');
                    out.flush();
                    return false;
                } catch (IOException _) {
                    return true;
                }
            });
        }
    }

    @Test
    void modelNamesKeepTheirSlashes() throws IOException {
        assertThat(get("/v1/models/org%2Fname")).contains("\r\n\r\norg/name");
        assertThat(get("/models/org/na%20me+x")).contains("\r\n\r\norg/na me+x");
    }

    @Test
    void whatIsNotThereIsSaidInTheEnvelope() throws IOException {
        assertThat(get("/v1/foo")).startsWith("HTTP/1.1 404").contains("Invalid URL (GET /v1/foo)", "x-request-id: ");
        assertThat(get("/v1/echo")).startsWith("HTTP/1.1 405").contains("Allow: POST");
        assertThat(get("/v1/boom"))
                .startsWith("HTTP/1.1 500")
                .contains("The server had an error")
                .doesNotContain("boom\"");
    }

    @Test
    void anUploadMayWaitForTheServersConsent() throws IOException {
        try (Socket socket = connect()) {
            send(
                    socket,
                    String.join(
                            "\r\n",
                            "POST /echo HTTP/1.1",
                            "Host: a",
                            "Expect: 100-continue",
                            "Connection: close",
                            "Content-Length: 2",
                            "",
                            ""));
            readUntil(socket, "100 Continue\r\n");
            send(socket, "hi");
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("200")
                    .endsWith("hi");
        }
    }

    @Test
    void aStopLetsRunningExchangesFinish() throws Exception {
        try (Socket socket = connect()) {
            send(socket, "POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
            await().until(() -> started.get() == 1);
            Thread stopping = Thread.ofVirtual().start(server::close);
            await().until(() -> {
                try (Socket _ = connect()) {
                    return false;
                } catch (IOException _) {
                    return true;
                }
            });
            release.countDown();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("[DONE]");
            stopping.join();
        }
    }

    private String get(String path) throws IOException {
        return exchange("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    }

    private String exchange(String request) throws IOException {
        try (Socket socket = connect()) {
            send(socket, request);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    private static void readUntil(Socket socket, String end) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder read = new StringBuilder();
        while (read.indexOf(end) < 0) {
            int b = in.read();
            assertThat(b).as("stream ended after: %s", read).isNotNegative();
            read.append((char) b);
        }
    }
}
