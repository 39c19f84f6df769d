package io.penstock.bench.qos;

import io.penstock.simulator.Simulator;
import io.penstock.standalone.Standalone;
import io.penstock.standalone.StandaloneOptions;
import io.penstock.standalone.StandaloneOptions.Simulation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// Runs one scenario on a Penstock of its own: broker, engines, API, router and worker in this JVM.
final class QosRun {
    private final QosPlan plan;
    private final Scenario scenario;
    private final Condition condition;

    /// What the engines had done at a moment.
    private record Count(long lines, long aborted, long preemptions) {}

    QosRun(QosPlan plan, Scenario scenario, Condition condition) {
        this.plan = plan;
        this.scenario = scenario;
        this.condition = condition;
    }

    QosResult run() throws Exception {
        Path dir = Files.createTempDirectory("penstock-qos");
        StandaloneOptions options = StandaloneOptions.in(dir)
                .simulating(new Simulation(plan.engines(), plan.profile(), "qos", plan.speedup()))
                .working(worker -> condition.worker(plan, scenario.worker(plan, worker)));
        try (Standalone penstock = Standalone.start(options);
                BatchLoad batch = scenario.load(plan, penstock, dir)) {
            return measure(penstock, batch);
        } finally {
            delete(dir);
        }
    }

    private QosResult measure(Standalone penstock, BatchLoad batch) throws Exception {
        ChatWaves chat = new ChatWaves(plan, scenario.chatServers(penstock), "qos");
        chat.warmUp();
        batch.start();
        long start = System.nanoTime() + plan.wallNanos(plan.warmUp());
        List<Simulator> engines = penstock.simulators();
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
                EngineWatch watch = at(clock, start, () -> new EngineWatch(plan, engines, start))) {
            condition.begin(engines);
            LongSupplier lines = () -> finished(engines) - (long) chat.answered.get();
            Callable<Count> count = () -> new Count(lines.getAsLong(), aborted(engines), watch.preemptions());
            Count before = count.call();
            Future<Count> after = clock.schedule(
                    count, start + plan.wallNanos(plan.measured()) - System.nanoTime(), TimeUnit.NANOSECONDS);
            AtomicLong inBursts = new AtomicLong();
            countBursts(clock, start, lines, inBursts);
            chat.run(start);
            return result(chat, before, after.get(), inBursts.get(), watch);
        }
    }

    private QosResult result(ChatWaves chat, Count before, Count after, long inBursts, EngineWatch watch) {
        long ended = after.lines() - before.lines();
        long aborted = after.aborted() - before.aborted();
        return new QosResult(
                scenario,
                condition,
                chat.started.get(),
                chat.failed.get(),
                chat.firstWord,
                chat.betweenWords,
                List.copyOf(chat.dots),
                ended,
                inBursts,
                ended == 0 ? 1 : (double) (ended + aborted) / ended,
                after.preemptions() - before.preemptions(),
                watch.looks().stream()
                        .filter(look -> look.seconds() <= plan.measured().toSeconds())
                        .toList(),
                plan.measured().toMillis() / 1000.0);
    }

    /// Sums up the lines that end while there is chat.
    private void countBursts(ScheduledExecutorService clock, long start, LongSupplier lines, AtomicLong inBursts) {
        for (int wave = 0; wave < plan.waves(); wave++) {
            long begins = start + plan.wallNanos(plan.period().multipliedBy(wave));
            long ends = start + plan.wallNanos(plan.period().multipliedBy(wave).plus(plan.burst()));
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
