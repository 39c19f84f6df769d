package io.penstock.service;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The registry behind the metric catalogues. A label takes at most 1,000 distinct values; later ones
/// count as `other`, so that model or tenant names from outside cannot fill the memory. Thread-safe.
public final class Metrics {
    private static final int LABEL_VALUES_MAX = 1_000;
    private static final String OVERFLOW = "other";
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50),
                Duration.ofMillis(100),
        Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofMillis(2500),
                Duration.ofSeconds(5),
        Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(300)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<LabelOf, Set<String>> seen = new ConcurrentHashMap<>();
    private final Map<Key, Meter> meters = new ConcurrentHashMap<>();

    private record LabelOf(MetricDef def, String label) {}

    private record Key(MetricDef def, List<String> boundedValues) {}

    /// Adds 1.
    public void count(MetricDef def, String... labelValues) {
        counter(def, labelValues).increment();
    }

    /// Adds `amount`.
    public void count(MetricDef def, double amount, String... labelValues) {
        counter(def, labelValues).increment(amount);
    }

    /// Records a duration.
    public void time(MetricDef def, Duration duration, String... labelValues) {
        timer(def, labelValues).record(duration);
    }

    /// Records one value of a distribution.
    public void record(MetricDef def, double value, String... labelValues) {
        summary(def, labelValues).record(value);
    }

    /// The counter itself, for callers that keep it.
    public Counter counter(MetricDef def, String... labelValues) {
        Key key = key(def, MetricDef.Type.COUNTER, labelValues);
        return (Counter) meters.computeIfAbsent(
                key,
                _ -> Counter.builder(def.metricName())
                        .description(def.help())
                        .baseUnit(unit(def))
                        .tags(tags(key))
                        .register(registry));
    }

    /// The timer itself, for callers that keep it; histogram buckets from 5 ms to 300 s.
    public Timer timer(MetricDef def, String... labelValues) {
        Key key = key(def, MetricDef.Type.TIMER, labelValues);
        return (Timer) meters.computeIfAbsent(
                key,
                _ -> Timer.builder(def.metricName())
                        .description(def.help())
                        .serviceLevelObjectives(BUCKETS)
                        .tags(tags(key))
                        .register(registry));
    }

    /// The summary itself, for callers that keep it.
    public DistributionSummary summary(MetricDef def, String... labelValues) {
        Key key = key(def, MetricDef.Type.SUMMARY, labelValues);
        return (DistributionSummary) meters.computeIfAbsent(
                key,
                _ -> DistributionSummary.builder(def.metricName())
                        .description(def.help())
                        .baseUnit(unit(def))
                        .tags(tags(key))
                        .register(registry));
    }

    /// Shows what `value` gives whenever metrics are read; replaces an earlier gauge of the same
    /// labels.
    public void gauge(MetricDef def, Supplier<Number> value, String... labelValues) {
        Key key = key(def, MetricDef.Type.GAUGE, labelValues);
        meters.compute(key, (_, earlier) -> {
            if (earlier != null) {
                registry.remove(earlier);
            }
            return Gauge.builder(def.metricName(), value)
                    .description(def.help())
                    .baseUnit(unit(def))
                    .tags(tags(key))
                    .register(registry);
        });
    }

    /// Shows nothing more of `value` of `label`, which is gone for good: its meters are dropped, and its place
    /// among the label's values is free.
    public void forget(String label, String value) {
        meters.forEach((key, meter) -> {
            int index = key.def().labels().indexOf(label);
            if (index >= 0 && key.boundedValues().get(index).equals(value) && meters.remove(key, meter)) {
                registry.remove(meter);
            }
        });
        seen.forEach((of, values) -> {
            if (of.label().equals(label)) {
                values.remove(value);
            }
        });
    }

    /// Everything in Prometheus' text format.
    public String prometheusText() {
        return registry.scrape();
    }

    /// For binders of libraries' own metrics.
    public MeterRegistry registry() {
        return registry;
    }

    /// The name that Prometheus shows: with its unit, `_total` for counters, `_seconds` for timers.
    static String prometheusName(MetricDef def) {
        Meter.Type type = switch (def.type()) {
            case COUNTER -> Meter.Type.COUNTER;
            case GAUGE -> Meter.Type.GAUGE;
            case TIMER -> Meter.Type.TIMER;
            case SUMMARY -> Meter.Type.DISTRIBUTION_SUMMARY;
        };
        String name = new PrometheusNamingConvention().name(def.metricName(), type, unit(def));
        return type == Meter.Type.COUNTER ? name + "_total" : name;
    }

    private Key key(MetricDef def, MetricDef.Type type, String... values) {
        if (def.type() != type) {
            throw new IllegalArgumentException(def.metricName() + " is a " + def.type() + ", not a " + type);
        }
        List<String> names = def.labels();
        if (names.size() != values.length) {
            throw new IllegalArgumentException(
                    def.metricName() + " has the labels " + names + ", but got " + values.length + " values");
        }
        List<String> bounded = new ArrayList<>(values.length);
        for (int i = 0; i < values.length; i++) {
            bounded.add(bounded(new LabelOf(def, names.get(i)), values[i]));
        }
        return new Key(def, bounded);
    }

    private static List<Tag> tags(Key key) {
        List<Tag> tags = new ArrayList<>(key.boundedValues().size());
        for (int i = 0; i < key.boundedValues().size(); i++) {
            tags.add(Tag.of(key.def().labels().get(i), key.boundedValues().get(i)));
        }
        return tags;
    }

    private static @Nullable String unit(MetricDef def) {
        return def.unit().isEmpty() ? null : def.unit();
    }

    private String bounded(LabelOf label, String value) {
        Set<String> values = seen.computeIfAbsent(label, _ -> ConcurrentHashMap.newKeySet());
        return values.contains(value) || (values.size() < LABEL_VALUES_MAX && values.add(value)) ? value : OVERFLOW;
    }
}
