package io.penstock.standalone.demo;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/// Samples how full the engines' KV caches are, every 50 ms until closed.
public final class KvWatch implements AutoCloseable {
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("kv-watch").factory());
    private final List<? extends DoubleSupplier> gauges;
    private double peak;
    private double sum;
    private long samples;

    /// `gauges` give each engine's use from 0 to 1.
    public KvWatch(List<? extends DoubleSupplier> gauges) {
        this.gauges = List.copyOf(gauges);
        Future<?> _ = clock.scheduleAtFixedRate(this::sample, 0, 50, TimeUnit.MILLISECONDS);
    }

    /// The fullest any engine was, 0 to 1.
    public synchronized double peak() {
        return peak;
    }

    /// The mean over engines and time, 0 to 1.
    public synchronized double mean() {
        return samples == 0 ? 0 : sum / samples;
    }

    /// The mean over engines now, 0 to 1.
    public double now() {
        return gauges.stream()
                .mapToDouble(DoubleSupplier::getAsDouble)
                .average()
                .orElse(0);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private synchronized void sample() {
        for (DoubleSupplier gauge : gauges) {
            double used = gauge.getAsDouble();
            peak = Math.max(peak, used);
            sum += used;
            samples++;
        }
    }
}
