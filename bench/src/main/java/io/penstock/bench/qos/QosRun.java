package io.penstock.bench.qos;

import io.penstock.simulator.Simulator;
import io.penstock.standalone.Standalone;
import io.penstock.standalone.StandaloneOptions;
import io.penstock.standalone.StandaloneOptions.Simulation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// Runs one scenario on a Penstock of its own: broker, engines, API, router and worker in this JVM.
final class QosRun {
    private final QosPlan plan;
    private final Scenario scenario;

    QosRun(QosPlan plan, Scenario scenario) {
        this.plan = plan;
        this.scenario = scenario;
    }

    QosResult run() throws Exception {
        Path dir = Files.createTempDirectory("penstock-qos");
        StandaloneOptions options = StandaloneOptions.in(dir)
                .simulating(new Simulation(plan.engines(), plan.profile(), "qos", plan.speedup()))
                .working(worker -> scenario.worker(plan, worker));
        try (Standalone penstock = Standalone.start(options);
                BatchLoad batch = scenario.load(plan, penstock, dir)) {
            return measure(penstock, batch);
        } finally {
            delete(dir);
        }
    }

    private QosResult measure(Standalone penstock, BatchLoad batch) throws Exception {
        ChatWaves chat = new ChatWaves(plan, penstock.apiUri(), "qos");
        chat.warmUp();
        batch.start();
        long start = System.nanoTime() + plan.wallNanos(plan.warmUp());
        List<Simulator> engines = penstock.simulators();
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
                EngineWatch watch = at(clock, start, () -> new EngineWatch(plan, engines, start))) {
            LongSupplier lines = () -> finished(engines) - (long) chat.answered.get();
            long before = lines.getAsLong();
            long abortedBefore = aborted(engines);
            AtomicLong inBursts = new AtomicLong();
            countBursts(clock, start, lines, inBursts);
            chat.run(start);
            at(clock, start + plan.wallNanos(plan.measured()), () -> null);
            long ended = lines.getAsLong() - before;
            long aborted = aborted(engines) - abortedBefore;
            return new QosResult(
                    scenario,
                    chat.started.get(),
                    chat.failed.get(),
                    chat.firstWord,
                    chat.betweenWords,
                    List.copyOf(chat.dots),
                    ended,
                    inBursts.get(),
                    ended == 0 ? 1 : (double) (ended + aborted) / ended,
                    watch.preemptions(),
                    watch.looks(),
                    plan.measured().toMillis() / 1000.0);
        }
    }

    /// Sums up the lines that end while there is chat.
    private void countBursts(ScheduledExecutorService clock, long start, LongSupplier lines, AtomicLong inBursts) {
        Duration period = plan.burst().plus(plan.idle());
        for (int wave = 0; wave < plan.waves(); wave++) {
            long begins = start + plan.wallNanos(period.multipliedBy(wave).plus(plan.idle()));
            long ends = start + plan.wallNanos(period.multipliedBy(wave + 1));
            var _ = clock.schedule(
                    () -> inBursts.addAndGet(-lines.getAsLong()), begins - System.nanoTime(), TimeUnit.NANOSECONDS);
            var _ = clock.schedule(
                    () -> inBursts.addAndGet(lines.getAsLong()), ends - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
    }

    private static <T> T at(ScheduledExecutorService clock, long nanos, Callable<T> what)
            throws InterruptedException, ExecutionException {
        return clock.schedule(what, nanos - System.nanoTime(), TimeUnit.NANOSECONDS)
                .get();
    }

    private static long finished(List<Simulator> engines) {
        return engines.stream()
                .mapToLong(engine -> engine.engineStats().finished())
                .sum();
    }

    private static long aborted(List<Simulator> engines) {
        return engines.stream()
                .mapToLong(engine -> engine.engineStats().aborted())
                .sum();
    }

    private static void delete(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
