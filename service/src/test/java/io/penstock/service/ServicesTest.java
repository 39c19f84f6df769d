package io.penstock.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ServicesTest {
    private final List<String> events = new ArrayList<>();

    @Test
    void servicesStopInReverseAndOnce() throws Exception {
        Services services = new Services();
        services.start(new Recorded("a", false));
        services.start(new Recorded("b", false));
        services.close();
        services.close();

        assertThat(events).containsExactly("+a", "+b", "-b", "-a");
    }

    @Test
    void aFailedStartStopsWhatWasStarted() throws Exception {
        Services services = new Services();
        services.start(new Recorded("a", false));

        assertThatThrownBy(() -> services.start(new Recorded("b", true))).hasMessage("b fails");
        assertThat(events).containsExactly("+a", "-b", "-a");
    }

    @Test
    void theAdminPortTellsHealthAndMetrics() throws Exception {
        AtomicBoolean ready = new AtomicBoolean();
        Metrics metrics = new Metrics();
        metrics.count(TestMetric.HITS, "x");
        try (AdminServer admin = new AdminServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                metrics,
                List.of(new Health.Check("kafka", () -> Health.of(ready.get(), "no broker"))))) {
            admin.start();
            assertThat(get(admin, "/healthz").statusCode()).isEqualTo(200);
            assertThat(get(admin, "/readyz").statusCode()).isEqualTo(503);
            assertThat(get(admin, "/readyz").body()).isEqualTo("kafka: down: no broker\n");
            ready.set(true);
            assertThat(get(admin, "/readyz").statusCode()).isEqualTo(200);
            assertThat(get(admin, "/metrics").body()).contains("test_hits_total{who=\"x\"} 1.0");
        }
    }

    @Test
    void aLabelTakesABoundedNumberOfValues() {
        Metrics metrics = new Metrics();
        for (int i = 0; i < 1_100; i++) {
            metrics.count(TestMetric.HITS, "v" + i);
        }
        assertThat(metrics.prometheusText()).contains("test_hits_total{who=\"other\"} 1", "who=\"v999\"").doesNotContain("who=\"v1000\"");
    }

    private static HttpResponse<String> get(AdminServer admin, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin.port() + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private enum TestMetric implements MetricDef {
        HITS;

        @Override
        public String metricName() {
            return "test.hits";
        }

        @Override
        public Type type() {
            return Type.COUNTER;
        }

        @Override
        public List<String> labels() {
            return List.of("who");
        }

        @Override
        public String help() {
            return "Hits.";
        }
    }

    private final class Recorded implements Service {
        private final String name;
        private final boolean fails;

        private Recorded(String name, boolean fails) {
            this.name = name;
            this.fails = fails;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void start() {
            if (fails) {
                throw new IllegalStateException(name + " fails");
            }
            events.add("+" + name);
        }

        @Override
        public void close() {
            events.add("-" + name);
        }
    }
}
