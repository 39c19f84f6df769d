package io.penstock.bench.qos;

import io.penstock.pool.EndpointMonitor.Cadence;
import io.penstock.simulator.Simulator;
import io.penstock.simulator.faults.FaultKind;
import io.penstock.worker.WorkerConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What is learnt of the engines while a scenario runs.
enum Condition {
    NORMAL(""),
    SLOW("metrics read once a second"),
    FROZEN("one engine's metrics frozen"),
    NO_KV("no KV use in the metrics"),
    MISSING("no metrics");

    private static final Duration SECOND = Duration.ofSeconds(1);

    final String title;

    Condition(String title) {
        this.title = title;
    }

    static Condition named(String name) {
        return Arrays.stream(values())
                .filter(condition -> condition.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a condition is one of "
                        + Arrays.stream(values()).map(Condition::wireName).collect(Collectors.joining(", "))
                        + ", but was " + name));
    }

    String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// What holds at an engine, by its number from 0: of metrics that freeze, only the first one's do.
    Condition at(int engine) {
        return this == FROZEN && engine > 0 ? NORMAL : this;
    }

    /// True if chat alone may feel it in the whole product: calls are placed by what the engines tell, but the API
    /// reads that by itself, as often as ever.
    boolean touchesChat() {
        return switch (this) {
            case NORMAL, SLOW -> false;
            case FROZEN, NO_KV, MISSING -> true;
        };
    }

    WorkerConfig worker(QosPlan plan, WorkerConfig config) {
        Duration second = Duration.ofNanos(plan.wallNanos(SECOND));
        return this == SLOW ? config.watching(new Cadence(second, second)) : config;
    }

    /// Brings it about, as the measurement begins.
    void begin(List<Simulator> engines) {
        switch (this) {
            case NORMAL, SLOW -> {}
            case FROZEN -> engines.getFirst().faults().arm(FaultKind.FROZEN_METRICS);
            case NO_KV -> engines.forEach(engine -> engine.faults().arm(FaultKind.NO_KV_METRIC));
            case MISSING -> engines.forEach(engine -> engine.faults().arm(FaultKind.NO_METRICS));
        }
    }
}
