package io.penstock.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.penstock.ingest.http.jetty.JettyHttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Stopping a server that is at work.
class DrainTest {
    private final LogCapture log = new LogCapture();
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger gone = new AtomicInteger();
    private final Routes routes = new Routes()
            .on("GET", "/ok", (exchange, _) -> exchange.respond(200, "text/plain", new byte[0]))
            .on("GET", "/held", (exchange, _) -> {
                held.incrementAndGet();
                release.await();
                exchange.respond(200, "text/plain", "held".getBytes(StandardCharsets.UTF_8));
            })
            .on("GET", "/stream", (exchange, _) -> {
                exchange.onGone(gone::incrementAndGet);
                try (OutputStream out = exchange.stream(200, "text/event-stream")) {
                    out.write("data: 1\n\n".getBytes(StandardCharsets.UTF_8));
                    release.await();
                    out.write("data: 2\n\n".getBytes(StandardCharsets.UTF_8));
                }
            });

    @AfterEach
    void close() {
        release.countDown();
        log.close();
    }

    @Test
    void whatIsAtWorkFinishesWhileNewConnectionsAreRefused() throws Exception {
        JettyHttpServer server = Servers.start(routes);
        try (RawClient client = RawClient.to(server).get("/stream")) {
            client.head();
            assertThat(client.chunk()).isEqualTo("data: 1\n\n");
            Thread stopping = stopping(server, server.port());
            release.countDown();
            assertThat(client.chunk()).isEqualTo("data: 2\n\n");
            assertThat(client.chunk()).isEmpty();
            stopping.join();
        }
        assertThat(gone).hasValue(0);
        assertThat(log.at(Level.WARN)).isEmpty();
    }

    @Test
    void aCallOnAnOldConnectionIsToldToGoElsewhere() throws Exception {
        JettyHttpServer server = Servers.start(routes);
        try (RawClient atWork = RawClient.to(server).get("/held");
                RawClient idle = RawClient.to(server).get("/ok")) {
            assertThat(idle.answer().status()).isEqualTo(200);
            await().until(() -> held.get() == 1);
            Thread stopping = stopping(server, server.port());
            RawClient.Answer refused = idle.get("/ok", "X-Request-Id: r-1").answer();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.headers())
                    .containsEntry("retry-after", "1")
                    .containsEntry("connection", "close")
                    .containsEntry("content-type", "application/json")
                    .containsEntry("x-request-id", "r-1");
            assertThat(refused.body()).startsWith("{\"error\":{\"message\":").contains("\"server_error\"");
            assertThat(idle.isClosedByServer()).isTrue();
            release.countDown();
            RawClient.Answer last = atWork.answer();
            assertThat(last.body()).isEqualTo("held");
            assertThat(last.headers()).containsEntry("connection", "close");
            stopping.join();
        }
    }

    @Test
    void whatDoesNotFinishInTimeIsCutAndCounted() throws Exception {
        JettyHttpServer server = Servers.start(routes, Duration.ofSeconds(20), Duration.ofMillis(300));
        try (RawClient one = RawClient.to(server).get("/stream");
                RawClient two = RawClient.to(server).get("/stream")) {
            one.head();
            two.head();
            assertThat(one.chunk()).isEqualTo("data: 1\n\n");
            assertThat(two.chunk()).isEqualTo("data: 1\n\n");
            server.close();
            assertThatThrownBy(one::chunk).isInstanceOf(IOException.class);
            assertThatThrownBy(two::chunk).isInstanceOf(IOException.class);
        }
        await().until(() -> gone.get() == 2);
        assertThat(log.at(Level.WARN)).singleElement().asString().contains("calls=\"2\"");
    }

    /// A handler that listens to nothing does not hold the stop up.
    @Test
    void noTimeToDrainMeansAtOnce() throws Exception {
        JettyHttpServer server = Servers.start(routes, Duration.ofSeconds(20), Duration.ZERO);
        try (RawClient stream = RawClient.to(server).get("/stream");
                RawClient atWork = RawClient.to(server).get("/held")) {
            stream.head();
            await().until(() -> held.get() == 1);
            server.close();
            assertThat(atWork.isClosedByServer()).isTrue();
            assertThat(stream.isClosedByServer()).isTrue();
        }
        assertThat(log.at(Level.WARN)).singleElement().asString().contains("calls=\"2\"");
    }

    private static Thread stopping(JettyHttpServer server, int port) {
        Thread stopping = Thread.ofVirtual().start(server::close);
        await().untilAsserted(() -> assertThatThrownBy(() -> {
                    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        socket.getPort();
                    }
                })
                .isInstanceOf(ConnectException.class));
        return stopping;
    }
}
