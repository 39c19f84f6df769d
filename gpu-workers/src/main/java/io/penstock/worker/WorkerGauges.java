package io.penstock.worker;

import io.penstock.pool.EndpointMonitor;
import io.penstock.pool.EngineLoad;
import io.penstock.pool.kv.EndpointGate;
import io.penstock.pool.kv.Gate;
import io.penstock.service.Metrics;
import io.penstock.topics.id.Band;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// One endpoint's gauges.
record WorkerGauges(String endpoint, Metrics metrics) {
    /// How a gauge looks at what others change meanwhile: holding `lock`, which guards `gate`; `open` says what
    /// it lets in now.
    record Look(Object lock, EndpointGate gate, Supplier<Gate> open, InstantSource clock) {
        double at(BiFunction<EndpointGate, Instant, Double> figure) {
            synchronized (lock) {
                return figure.apply(gate, clock.instant());
            }
        }

        Gate now() {
            synchronized (lock) {
                return open.get();
            }
        }

        int many(IntSupplier count) {
            synchronized (lock) {
                return count.getAsInt();
            }
        }
    }

    void register(EndpointMonitor monitor, Look look, RunningTickets running, Parking parking) {
        metrics.gauge(WorkerMetric.IN_FLIGHT, () -> look.many(running::size), endpoint);
        metrics.gauge(WorkerMetric.PARKED, () -> look.many(parking::size), endpoint);
        metrics.gauge(WorkerMetric.READY, () -> monitor.state().isReady() ? 1 : 0, endpoint);
        metrics.gauge(WorkerMetric.KV_USE, () -> kvUse(monitor.state().load()), endpoint);
        register(WorkerMetric.ACCOUNT_AGE, look, (gate, now) -> age(gate.load(), now));
        metrics.gauge(WorkerMetric.CAPACITY, () -> capacity(monitor.state().load()), endpoint);
        register(WorkerMetric.REACTIVE_LIMIT, look, EndpointGate::reactiveLimit);
        register(WorkerMetric.UNKNOWN_LIMIT, look, EndpointGate::unknownLimit);
        register(WorkerMetric.PROMPT_RATE, look, EndpointGate::promptTokensPerSecond);
        register(WorkerMetric.OTHERS, look, EndpointGate::others);
        register(
                WorkerMetric.BOOKED,
                look,
                gate -> gate.bookedTokens().isPresent() ? gate.bookedTokens().getAsLong() : Double.NaN);
        for (Band band : Band.values()) {
            metrics.gauge(WorkerMetric.SPARE, () -> look.now().spare().of(band), endpoint, band.wireName());
            metrics.gauge(
                    WorkerMetric.CEILING,
                    () -> look.at((gate, now) -> gate.ceilings(now).of(band)),
                    endpoint,
                    band.wireName());
        }
        for (Gate.Signal signal : Gate.Signal.values()) {
            metrics.gauge(
                    WorkerMetric.GATE_SIGNAL,
                    () -> look.now().signal() == signal ? 1 : 0,
                    endpoint,
                    signal.name().toLowerCase(Locale.ROOT));
        }
    }

    private void register(WorkerMetric metric, Look look, ToDoubleBiFunction<EndpointGate, Instant> figure) {
        metrics.gauge(metric, () -> look.at(figure::applyAsDouble), endpoint);
    }

    private void register(WorkerMetric metric, Look look, ToDoubleFunction<EndpointGate> figure) {
        metrics.gauge(metric, () -> look.at((gate, _) -> figure.applyAsDouble(gate)), endpoint);
    }

    private static double age(@Nullable EngineLoad load, Instant now) {
        return load == null ? Double.NaN : Duration.between(load.takenAt(), now).toNanos() / 1e9;
    }

    private static double capacity(@Nullable EngineLoad load) {
        return load == null || load.capacityTokens().isEmpty()
                ? Double.NaN
                : load.capacityTokens().getAsLong();
    }

    private static double kvUse(@Nullable EngineLoad load) {
        return load == null ? Double.NaN : load.kvUse().orElse(Double.NaN);
    }
}
