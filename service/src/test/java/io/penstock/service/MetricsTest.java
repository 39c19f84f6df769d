package io.penstock.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final Metrics metrics = new Metrics();

    @Test
    void aLabelTakesABoundedNumberOfValues() {
        for (int i = 0; i < 1_100; i++) {
            metrics.count(TestMetric.HITS, "v" + i);
        }

        assertThat(metrics.prometheusText())
                .contains("test_hits_total{who=\"other\"} 100.0", "who=\"v999\"")
                .doesNotContain("who=\"v1000\"");
        assertThat(metrics.registry().getMeters()).hasSize(1_001);
    }

    @Test
    void aLabelTooFewOrAWrongKindIsRefused() {
        assertThatThrownBy(() -> metrics.count(TestMetric.HITS))
                .hasMessageContaining("test.hits")
                .hasMessageContaining("[who]");
        assertThatThrownBy(() -> metrics.time(TestMetric.HITS, Duration.ZERO, "x"))
                .hasMessageContaining("COUNTER");
    }

    @Test
    void aLaterGaugeReplacesTheEarlierOne() {
        metrics.gauge(TestMetric.SIZE, () -> 1);
        metrics.gauge(TestMetric.SIZE, () -> 2);

        assertThat(metrics.prometheusText()).contains("test_size_bytes 2.0").doesNotContain("test_size_bytes 1.0");
    }

    @Test
    void whatIsGoneIsShownNoMoreAndItsPlaceIsFree() {
        for (int i = 0; i < 1_000; i++) {
            metrics.count(TestMetric.HITS, "v" + i);
        }

        metrics.forget("who", "v7");
        metrics.count(TestMetric.HITS, "next");

        assertThat(metrics.prometheusText())
                .contains("who=\"next\"", "who=\"v8\"")
                .doesNotContain("who=\"v7\"", "who=\"other\"");
        assertThat(metrics.registry().getMeters()).hasSize(1_000);
    }

    @Test
    void theDocsNameEveryMetricAsPrometheusShowsIt() {
        metrics.count(TestMetric.HITS, "x");
        metrics.gauge(TestMetric.SIZE, () -> 1);
        metrics.time(TestMetric.TIME, Duration.ofMillis(7));
        metrics.record(TestMetric.SPREAD, 3);
        String docs = MetricDocs.markdown("Test", List.of(TestMetric.values()));

        for (String name : List.of("test_hits_total", "test_size_bytes", "test_time_seconds", "test_spread_tokens")) {
            assertThat(metrics.prometheusText()).contains("# TYPE " + name + " ");
            assertThat(docs).contains("| `" + name + "` |");
        }
        assertThat(docs).contains("| `test_hits_total` | counter |  | who | Hits. |");
    }
}
