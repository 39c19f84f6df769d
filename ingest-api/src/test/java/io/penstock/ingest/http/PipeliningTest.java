package io.penstock.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.http.jetty.JettyHttpServer;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A second request that comes while the first is at work must arrive whole, wherever it is cut.
class PipeliningTest {
    /// What the server reads at once.
    private static final int BUFFER_BYTES = 8192;

    private final AtomicInteger gone = new AtomicInteger();
    private final Semaphore started = new Semaphore(0);
    private final CountDownLatch release = new CountDownLatch(1);
    private JettyHttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = Servers.start(new Routes().on("POST", "/wait", (exchange, _) -> {
            byte[] body = exchange.body(100_000, "test.max");
            exchange.onGone(gone::incrementAndGet);
            started.release();
            release.await();
            exchange.respond(200, "text/plain", body);
        }));
    }

    @AfterEach
    void stop() {
        release.countDown();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 60, 100, BUFFER_BYTES - 1, BUFFER_BYTES, BUFFER_BYTES + 1, BUFFER_BYTES + 5000})
    void aSecondRequestArrivesWhole(int sentAtOnce) throws Exception {
        String first = request("1");
        String second = request("2".repeat(20_000));
        String both = first + second;
        int at = Math.max(first.length(), sentAtOnce);
        try (RawClient client = RawClient.to(server)) {
            client.send(both.substring(0, at));
            started.acquire();
            client.send(both.substring(at));
            assertThat(started.tryAcquire()).as("one request at a time").isFalse();
            release.countDown();
            assertThat(client.answer().body()).isEqualTo("1");
            assertThat(client.answer().body()).isEqualTo("2".repeat(20_000));
        }
        assertThat(gone).hasValue(0);
    }

    private static String request(String body) {
        return "POST /wait HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }
}
