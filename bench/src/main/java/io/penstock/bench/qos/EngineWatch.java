package io.penstock.bench.qos;

import io.penstock.simulator.Simulator;
import io.penstock.simulator.driver.EngineStats;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Looks at the engines themselves (not at their metrics pages) every 20 ms of the machine's time.
final class EngineWatch implements AutoCloseable {
    private static final int EVERY_MS = 20;

    private final QosPlan plan;
    private final List<Simulator> engines;
    private final long startNanos;
    private final List<Look> looks = new ArrayList<>();
    private final long preemptedBefore;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    /// One look at all engines: `seconds` of simulated time since the start, the fullest cache, all
    /// running and waiting requests.
    record Look(double seconds, double kvMean, double kvMax, int running, int waiting) {}

    EngineWatch(QosPlan plan, List<Simulator> engines, long startNanos) {
        this.plan = plan;
        this.engines = engines;
        this.startNanos = startNanos;
        this.preemptedBefore = preempted();
        var _ = clock.scheduleAtFixedRate(this::look, 0, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /// What was seen, oldest first.
    synchronized List<Look> looks() {
        return List.copyOf(looks);
    }

    /// Preemptions since the watch began.
    long preemptions() {
        return preempted() - preemptedBefore;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private long preempted() {
        return engines.stream()
                .mapToLong(engine -> engine.engineStats().preemptions())
                .sum();
    }

    private void look() {
        List<EngineStats> all = engines.stream().map(Simulator::engineStats).toList();
        double seconds = plan.simulatedMillis(System.nanoTime() - startNanos) / 1000;
        Look look = new Look(
                seconds,
                all.stream().mapToDouble(EngineStats::kvUsage).average().orElse(0),
                all.stream().mapToDouble(EngineStats::kvUsage).max().orElse(0),
                all.stream().mapToInt(EngineStats::running).sum(),
                all.stream().mapToInt(EngineStats::waiting).sum());
        synchronized (this) {
            looks.add(look);
        }
    }
}
