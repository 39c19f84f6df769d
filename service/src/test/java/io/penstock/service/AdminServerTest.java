package io.penstock.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AdminServerTest {
    @Test
    void theAdminPortTellsHealthAndMetrics() throws Exception {
        AtomicBoolean ready = new AtomicBoolean();
        Metrics metrics = new Metrics();
        metrics.count(TestMetric.HITS, "x");
        try (AdminServer admin =
                started(metrics, new Health.Check("kafka", () -> Health.of(ready.get(), "no \"broker\"")))) {
            assertThat(get(admin, "/healthz").statusCode()).isEqualTo(200);
            assertThat(get(admin, "/readyz").statusCode()).isEqualTo(503);
            assertThat(get(admin, "/readyz").body()).isEqualTo("""
                {"ready":false,"checks":[{"name":"kafka","up":false,"reason":"no \\"broker\\""}]}
                """);
            assertThat(get(admin, "/metrics").body()).contains("penstock_ready{check=\"kafka\"} 0.0");
            ready.set(true);
            assertThat(get(admin, "/metrics").body()).contains("penstock_ready{check=\"kafka\"} 1.0");
            assertThat(get(admin, "/readyz").statusCode()).isEqualTo(200);
            assertThat(get(admin, "/readyz").body()).contains("\"ready\":true", "\"up\":true");
            assertThat(get(admin, "/metrics").body()).contains("test_hits_total{who=\"x\"} 1.0");
            assertThat(get(admin, "/elsewhere").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aCheckThatThrowsIsDownAndTheProcessLives() throws Exception {
        try (AdminServer admin = started(new Metrics(), new Health.Check("kafka", () -> {
            throw new IllegalStateException("broken check");
        }))) {
            assertThat(get(admin, "/readyz").statusCode()).isEqualTo(503);
            assertThat(get(admin, "/readyz").body()).contains("broken check");
            assertThat(get(admin, "/healthz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aCheckThatHangsIsDownAndIsAskedOnce() throws Exception {
        CountDownLatch hang = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        Readiness readiness = new Readiness(
                List.of(
                        new Health.Check("hangs", () -> {
                            asked.incrementAndGet();
                            try {
                                hang.await();
                            } catch (InterruptedException _) {
                                Thread.currentThread().interrupt();
                            }
                            return new Health.Up();
                        }),
                        new Health.Check("fine", Health.Up::new)),
                Duration.ofSeconds(1));

        assertThat(readiness.read())
                .containsEntry("hangs", new Health.Down("no answer within 1000 ms"))
                .containsEntry("fine", new Health.Up());
        readiness.read();
        assertThat(asked).hasValue(1);
        hang.countDown();
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (AdminServer first = started(new Metrics());
                AdminServer second = new AdminServer(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), first.port()),
                        new Metrics(),
                        List.of())) {
            assertThatThrownBy(second::start)
                    .hasMessageContaining("admin port")
                    .hasMessageContaining("" + first.port());
        }
    }

    private static AdminServer started(Metrics metrics, Health.Check... checks) throws Exception {
        AdminServer admin =
                new AdminServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), metrics, List.of(checks));
        admin.start();
        return admin;
    }

    private static HttpResponse<String> get(AdminServer admin, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin.port() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
