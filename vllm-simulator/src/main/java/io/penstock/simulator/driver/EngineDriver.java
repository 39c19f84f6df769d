package io.penstock.simulator.driver;

import io.penstock.simulator.engine.Engine;
import io.penstock.simulator.engine.EngineEvent;
import io.penstock.simulator.engine.EngineGauges;
import io.penstock.simulator.engine.EngineRequest;
import io.penstock.simulator.engine.FinishReason;
import io.penstock.simulator.engine.OutputPlan;
import io.penstock.simulator.engine.Prompt;
import io.penstock.simulator.engine.StepResult;
import io.penstock.simulator.metrics.EngineMetrics;
import io.penstock.simulator.metrics.RequestTimes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Steps an engine in real time on one platform thread: compute a step, wait its duration divided by
/// the speed-up, deliver its tokens. Sleeps without waking while the engine is idle.
///
/// One lock guards the engine and the table of sinks; it is never held while waiting for a step to
/// pass. Sinks are called without it.
public final class EngineDriver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineDriver.class);
    private static final long MAX_LATENESS_NANOS = 50_000_000;

    private final Engine engine;
    private final Pacer pacer;
    private final double speedup;
    private final EngineMetrics metrics;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Long, InFlight> inFlight = new HashMap<>();
    private long submitted;
    private long finished;
    private long aborted;
    private boolean closed;
    /// Touched by the driver's thread only.
    private boolean idled;

    private record InFlight(TokenSink sink, RequestTimes times) {}

    /// Starts the thread.
    ///
    /// @param speedup how many simulated seconds pass in one real second; more than 0
    public EngineDriver(Engine engine, Pacer pacer, double speedup, EngineMetrics metrics) {
        if (!(speedup > 0)) {
            throw new IllegalArgumentException("speedup must be more than 0, got " + speedup);
        }
        this.engine = engine;
        this.pacer = pacer;
        this.speedup = speedup;
        this.metrics = metrics;
        this.thread = Thread.ofPlatform().daemon().name("engine").start(this::run);
    }

    /// Queues a sequence and wakes the engine. After [#close] the sink is told `abort` at once.
    ///
    /// @return the sequence's id, for [#abort]
    public long submit(long priority, Prompt prompt, OutputPlan plan, TokenSink sink) {
        lock.lock();
        try {
            if (!closed) {
                EngineRequest request = new EngineRequest(submitted, priority, prompt, plan);
                engine.submit(request);
                inFlight.put(request.id(), new InFlight(sink, new RequestTimes(request, pacer.nanoTime())));
                submitted++;
                changed.signalAll();
                return request.id();
            }
        } finally {
            lock.unlock();
        }
        sink.finished(FinishReason.ABORT);
        return -1;
    }

    /// Ends a sequence at the next step; unknown ids are ignored.
    public void abort(long id) {
        lock.lock();
        try {
            engine.abort(id);
        } finally {
            lock.unlock();
        }
    }

    /// The engine at this moment.
    public EngineStats stats() {
        lock.lock();
        try {
            EngineGauges now = engine.gauges();
            return new EngineStats(
                    now.running(), now.waiting(), now.kvUsage(), now.preemptions(), submitted, finished, aborted);
        } finally {
            lock.unlock();
        }
    }

    /// Ends every sequence with `abort`, which then also counts in `request_success_total`, and stops
    /// the thread.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            engine.abortAll();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            drive();
        } catch (RuntimeException e) {
            LOG.atError()
                    .setMessage("the engine is dead; its requests will not end")
                    .setCause(e)
                    .log();
        }
    }

    private void drive() {
        long due = pacer.nanoTime();
        while (awaitWork()) {
            StepResult step = step();
            // Steps are laid end to end, so that a late wake-up shortens the next wait and the mean
            // rate is the profile's. Idle time is no credit, and lateness of more than 50 ms (a stopped
            // machine) is forgiven.
            long now = pacer.nanoTime();
            due = (idled || now - due > MAX_LATENESS_NANOS ? now : due) + (long) (step.durationNanos() / speedup);
            pacer.sleepUntil(due);
            deliver(step, pacer.nanoTime());
        }
    }

    private boolean awaitWork() {
        lock.lock();
        try {
            idled = !engine.hasWork();
            while (!engine.hasWork() && !closed) {
                changed.awaitUninterruptibly();
            }
            return engine.hasWork();
        } finally {
            lock.unlock();
        }
    }

    private StepResult step() {
        lock.lock();
        try {
            return engine.step();
        } finally {
            lock.unlock();
        }
    }

    private void deliver(StepResult step, long now) {
        metrics.publish(step);
        for (EngineEvent event : step.events()) {
            InFlight request = lookUp(event);
            switch (event) {
                case EngineEvent.Scheduled scheduled ->
                    metrics.scheduled(request.times(), scheduled.cachedTokens(), now);
                case EngineEvent.Preempted _ -> {}
                case EngineEvent.Token token -> {
                    metrics.token(request.times(), now);
                    request.sink().token(token.index());
                }
                case EngineEvent.Finished end -> {
                    if (end.reason() != FinishReason.ABORT || isClosed()) {
                        metrics.finished(request.times(), end.reason(), now);
                    }
                    request.sink().finished(end.reason());
                }
            }
        }
    }

    /// The event's request; a finished one is taken out and counted.
    private InFlight lookUp(EngineEvent event) {
        lock.lock();
        try {
            InFlight request;
            if (event instanceof EngineEvent.Finished end) {
                request = inFlight.remove(event.id());
                if (end.reason() == FinishReason.ABORT) {
                    aborted++;
                } else {
                    finished++;
                }
            } else {
                request = inFlight.get(event.id());
            }
            return Objects.requireNonNull(request);
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }
}
