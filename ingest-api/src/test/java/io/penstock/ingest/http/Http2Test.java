package io.penstock.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.penstock.ingest.http.jetty.JettyHttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The same over HTTP/2 in clear text, as meshes and gateways speak it.
class Http2Test {
    private final OkHttpClient client = new OkHttpClient.Builder()
            .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
            .readTimeout(Duration.ofSeconds(20))
            .build();
    private final LogCapture log = new LogCapture();
    private final AtomicInteger gone = new AtomicInteger();
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private JettyHttpServer server;
    private int port;

    @BeforeEach
    void start() throws IOException {
        server = Servers.start(
                new Routes()
                        .on("POST", "/stream", (exchange, _) -> {
                            byte[] body = exchange.body(1000, "test.max");
                            exchange.onGone(gone::incrementAndGet);
                            try (OutputStream out = exchange.stream(200, "text/plain")) {
                                out.write(body);
                                out.write(exchange.requestId().getBytes(StandardCharsets.UTF_8));
                            }
                        })
                        .on("POST", "/wait", (exchange, _) -> {
                            exchange.body(1000, "test.max");
                            CountDownLatch left = new CountDownLatch(1);
                            exchange.onGone(() -> {
                                gone.incrementAndGet();
                                left.countDown();
                            });
                            arrived.countDown();
                            left.await();
                            throw new IOException("Canceled");
                        })
                        .on("POST", "/held", (exchange, _) -> {
                            arrived.countDown();
                            release.await();
                            exchange.respond(200, "text/plain", exchange.body(1000, "test.max"));
                        })
                        .on("POST", "/broken", (exchange, _) -> {
                            try (OutputStream out = exchange.stream(200, "text/plain")) {
                                out.write("half".getBytes(StandardCharsets.UTF_8));
                                throw new IOException("the disk broke");
                            }
                        }),
                Duration.ofMillis(300),
                Duration.ofSeconds(10));
        port = server.port();
    }

    @AfterEach
    void stop() {
        release.countDown();
        client.connectionPool().evictAll();
        server.close();
        log.close();
    }

    @Test
    void streamsShareAConnectionAndEndNormally() throws IOException {
        for (int i = 0; i < 50; i++) {
            try (Response answer = call("/stream", "n" + i).execute()) {
                assertThat(answer.protocol()).isEqualTo(Protocol.H2_PRIOR_KNOWLEDGE);
                assertThat(answer.body().string()).isEqualTo("n" + i + answer.header("x-request-id"));
            }
        }
        assertThat(client.connectionPool().connectionCount()).isEqualTo(1);
        assertThat(gone).hasValue(0);
    }

    @Test
    void aCallThatIsCancelledIsNoticedAndNoError() throws Exception {
        Call call = call("/wait", "x");
        Thread cancelling = Thread.ofVirtual().start(() -> {
            await().until(() -> arrived.getCount() == 0);
            call.cancel();
        });
        assertThatThrownBy(call::execute).isInstanceOf(IOException.class);
        cancelling.join();
        await().until(() -> gone.get() == 1);
        server.close();
        assertThat(log.at(Level.ERROR)).isEmpty();
    }

    @Test
    void anAnswerThatCannotBeFinishedIsReset() throws IOException {
        try (Response answer = call("/broken", "x").execute()) {
            BufferedSource body = answer.body().source();
            assertThat(body.readUtf8(4)).isEqualTo("half");
            assertThatThrownBy(body::readByteString).isInstanceOf(IOException.class);
        }
        assertThat(log.at(Level.ERROR)).hasSize(1);
    }

    @Test
    void bodiesAreLimitedAndAConnectionSurvivesThat() throws IOException {
        try (Response answer = call("/stream", "x".repeat(1001)).execute()) {
            assertThat(answer.code()).isEqualTo(413);
        }
        try (Response answer = call("/stream", "x").execute()) {
            assertThat(answer.code()).isEqualTo(200);
        }
    }

    /// An upgrade would carry later requests past a proxy's rules.
    @Test
    void anUpgradeIsIgnored() throws IOException {
        try (RawClient upgrading = RawClient.to(server)) {
            upgrading.post(
                    "/stream",
                    "",
                    "Connection: Upgrade, HTTP2-Settings",
                    "Upgrade: h2c",
                    "HTTP2-Settings: AAMAAABkAAQAAP__");
            assertThat(upgrading.answer().status()).isEqualTo(200);
        }
    }

    /// A call that takes longer than a head may is no overdue head.
    @Test
    void aStopRefusesNewCallsAndFinishesOldOnes() throws Exception {
        Call held = call("/held", "x");
        Thread stopping = Thread.ofVirtual().start(() -> {
            await().until(() -> arrived.getCount() == 0);
            untilAHeadIsOverdue();
            Thread closing = Thread.ofVirtual().start(server::close);
            await().until(() -> {
                try (Response refused = call("/stream", "y").execute()) {
                    return refused.code() == 503 && refused.header("retry-after") != null;
                }
            });
            release.countDown();
            await().until(() -> !closing.isAlive());
        });
        try (Response answer = held.execute()) {
            assertThat(answer.body().string()).isEqualTo("x");
        }
        stopping.join();
    }

    private void untilAHeadIsOverdue() {
        try (RawClient slow = RawClient.to(server).send("GET")) {
            assertThat(slow.isClosedByServer()).isTrue();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Call call(String path, String body) {
        return client.newCall(new Request.Builder()
                .url("http://127.0.0.1:" + port + path)
                .post(RequestBody.create(body.getBytes(StandardCharsets.UTF_8)))
                .build());
    }
}
