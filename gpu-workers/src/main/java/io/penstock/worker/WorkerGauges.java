package io.penstock.worker;

import io.penstock.pool.EndpointMonitor;
import io.penstock.pool.EngineLoad;
import io.penstock.pool.kv.Gate;
import io.penstock.service.Metrics;
import io.penstock.topics.id.Band;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One endpoint's gauges.
record WorkerGauges(String endpoint, Metrics metrics) {
    void register(EndpointMonitor monitor, Supplier<Gate> gate) {
        metrics.gauge(WorkerMetric.READY, () -> monitor.state().isReady() ? 1 : 0, endpoint);
        metrics.gauge(WorkerMetric.KV_USE, () -> kvUse(monitor.state().load()), endpoint);
        for (Band band : Band.values()) {
            metrics.gauge(WorkerMetric.SPARE, () -> gate.get().spare().of(band), endpoint, band.wireName());
        }
        for (Gate.Signal signal : Gate.Signal.values()) {
            metrics.gauge(
                    WorkerMetric.GATE_SIGNAL,
                    () -> gate.get().signal() == signal ? 1 : 0,
                    endpoint,
                    signal.name().toLowerCase(Locale.ROOT));
        }
    }

    private static double kvUse(@Nullable EngineLoad load) {
        return load == null ? Double.NaN : load.kvUse().orElse(Double.NaN);
    }
}
