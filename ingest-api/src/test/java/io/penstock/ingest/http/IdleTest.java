package io.penstock.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.ingest.http.jetty.JettyHttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What ends when nothing moves on a connection, and what does not.
class IdleTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final AtomicInteger gone = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private JettyHttpServer server;

    @BeforeEach
    void start() throws IOException {
        Routes routes = new Routes()
                .on("GET", "/generate", (exchange, _) -> {
                    exchange.onGone(gone::incrementAndGet);
                    // Twice the idle timeout.
                    untilAnIdleConnectionIsClosed();
                    untilAnIdleConnectionIsClosed();
                    exchange.respond(200, "text/plain", new byte[0]);
                })
                .on("GET", "/flood", (exchange, _) -> {
                    try (OutputStream out = exchange.stream(200, "text/plain")) {
                        while (true) {
                            out.write(new byte[64 * 1024]);
                        }
                    } finally {
                        ended.incrementAndGet();
                    }
                });
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = new JettyHttpServer(
                new HttpServerConfig(anyPort, 100, Duration.ofMillis(500), LONG, 1024, LONG), routes);
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void untilAnIdleConnectionIsClosed() throws IOException {
        try (RawClient client = RawClient.to(server)) {
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void aLongGenerationOutlivesTheIdleTimeout() throws IOException {
        try (RawClient client = RawClient.to(server).get("/generate")) {
            assertThat(client.answer().status()).isEqualTo(200);
        }
        assertThat(gone).hasValue(0);
    }

    @Test
    void aClientThatStopsReadingIsCutOff() throws IOException {
        try (RawClient client = RawClient.to(server).get("/flood")) {
            client.head();
            await().until(() -> ended.get() == 1);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }
}
