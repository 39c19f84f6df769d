package io.penstock.service;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// The registry behind the metric catalogues. A label takes at most 1,000 distinct values; later ones count as `other`, so
/// that model or tenant names from outside cannot fill the memory. Thread-safe.
public final class Metrics {
    private static final int LABEL_VALUES_MAX = 1_000;
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50), Duration.ofMillis(100),
        Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofMillis(2500), Duration.ofSeconds(5),
        Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(300)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<String, Set<String>> seen = new ConcurrentHashMap<>();
    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

    private record Key(MetricDef def, List<String> values) {}

    /// Adds 1.
    public void count(MetricDef def, String... labelValues) {
        count(def, 1, labelValues);
    }

    /// Adds `amount`.
    public void count(MetricDef def, double amount, String... labelValues) {
        Key key = new Key(def, List.of(labelValues));
        counters.computeIfAbsent(
                        key,
                        _ -> Counter.builder(def.metricName())
                                .description(def.help())
                                .tags(tags(def, labelValues))
                                .register(registry))
                .increment(amount);
    }

    /// Records a duration.
    public void time(MetricDef def, Duration duration, String... labelValues) {
        Key key = new Key(def, List.of(labelValues));
        timers.computeIfAbsent(
                        key,
                        _ -> Timer.builder(def.metricName())
                                .description(def.help())
                                .serviceLevelObjectives(BUCKETS)
                                .tags(tags(def, labelValues))
                                .register(registry))
                .record(duration);
    }

    /// Shows what `value` gives whenever metrics are read; replaces an earlier gauge of the same labels.
    public void gauge(MetricDef def, Supplier<Number> value, String... labelValues) {
        List<Tag> tags = tags(def, labelValues);
        registry.find(def.metricName()).tags(tags).meters().forEach(registry::remove);
        Gauge.builder(def.metricName(), value)
                .description(def.help())
                .tags(tags)
                .register(registry);
    }

    /// Everything in Prometheus' text format.
    public String prometheusText() {
        return registry.scrape();
    }

    /// For binders of libraries' own metrics.
    public MeterRegistry registry() {
        return registry;
    }

    private List<Tag> tags(MetricDef def, String... values) {
        List<String> names = def.labels();
        if (names.size() != values.length) {
            throw new IllegalArgumentException(
                    def.metricName() + " has the labels " + names + ", but got " + values.length + " values");
        }
        List<Tag> tags = new ArrayList<>(values.length);
        for (int i = 0; i < values.length; i++) {
            tags.add(Tag.of(names.get(i), bounded(def.metricName() + " " + names.get(i), values[i])));
        }
        return tags;
    }

    private String bounded(String label, String value) {
        Set<String> values = seen.computeIfAbsent(label, _ -> ConcurrentHashMap.newKeySet());
        return values.contains(value) || (values.size() < LABEL_VALUES_MAX && values.add(value)) ? value : "other";
    }
}
