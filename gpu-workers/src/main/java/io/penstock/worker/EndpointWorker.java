package io.penstock.worker;

import io.penstock.pool.Endpoint;
import io.penstock.pool.EndpointMonitor;
import io.penstock.pool.EndpointProbe;
import io.penstock.pool.EndpointState;
import io.penstock.pool.client.EngineCall;
import io.penstock.pool.client.EngineClient;
import io.penstock.pool.client.EngineRequest;
import io.penstock.pool.kv.Gate;
import io.penstock.pool.kv.KvLedger;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Outcome;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work.Abort;
import io.penstock.topics.record.Work.Ticket;
import io.penstock.worker.pull.PullPlanner;
import io.penstock.worker.pull.TicketBook;
import io.penstock.worker.run.Answer;
import io.penstock.worker.run.RunInProgress;
import io.penstock.worker.run.TicketRun;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One endpoint's share of a worker: its gate, its pulls, and the tickets that run there, each on a
/// virtual thread.
///
/// Everything mutable is guarded by this object's lock, under which nothing blocks.
final class EndpointWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointWorker.class);
    /// How long a ticket that came after the gate had closed waits for room before it goes back.
    private static final Duration PARKED_MAX = Duration.ofMillis(250);

    private final Puller puller;
    private final Endpoint endpoint;
    private final WorkerContext context;
    private final EngineClient client;
    private final TicketRun runs;
    private final EndpointMonitor monitor;
    private final KvLedger kv;
    private final PullPlanner planner = new PullPlanner();
    private final TicketBook tickets = new TicketBook();
    private final Map<RequestId, Running> running = new HashMap<>();
    private final WorkerGauges gauges;
    private long serial;
    private boolean draining;

    private static final class Running {
        private final int epoch;
        private @Nullable RunInProgress call;
        private boolean aborted;

        private Running(int epoch) {
            this.epoch = epoch;
        }
    }

    EndpointWorker(Puller puller, Endpoint endpoint, EngineClient client, WorkerContext context) {
        this.puller = puller;
        this.endpoint = endpoint;
        this.client = client;
        this.context = context;
        this.runs = new TicketRun(context.payloads(), context.config().run());
        this.kv = new KvLedger(context.config().ceilings(), context.config().gate());
        this.monitor = new EndpointMonitor(new EndpointProbe(endpoint, client), context.clock(), this::isBusy);
        this.gauges = new WorkerGauges(endpoint.id().value(), context.metrics());
    }

    void start() {
        monitor.listen(this::observed);
        gauges.register(monitor, () -> {
            synchronized (this) {
                return gate();
            }
        });
        monitor.start();
    }

    Puller puller() {
        return puller;
    }

    EndpointState state() {
        return monitor.state();
    }

    synchronized int inFlight() {
        return running.size();
    }

    /// Publishes a pull if one is due.
    synchronized void pullIfDue() {
        Gate gate = gate();
        if (planner.isDue(gate, context.clock().instant())) {
            pull(gate).ifPresent(pull -> {
                context.reports().pull(pull);
                context.metrics().count(WorkerMetric.PULLS, endpoint.id().value());
            });
        }
    }

    /// Takes a ticket and returns at once.
    void accept(Envelope<Ticket> ticket) {
        Running mine = new Running(ticket.meta().epoch());
        synchronized (this) {
            if (!tickets.accept(ticket.meta().number())) {
                return;
            }
            kv.book(
                    ticket.meta().request().id(),
                    ticket.meta().request().tag().cost(),
                    context.clock().instant());
            running.put(ticket.meta().request().id(), mine);
        }
        context.metrics().count(WorkerMetric.TICKETS, endpoint.id().value());
        Thread.ofVirtual().name("run " + ticket.meta().request().id()).start(() -> run(ticket, mine));
    }

    /// Stops what the ledger no longer wants; nothing is reported of it.
    void abort(Abort abort) {
        RunInProgress call = null;
        synchronized (this) {
            Running mine = running.get(abort.id());
            if (mine != null && mine.epoch == abort.epoch()) {
                mine.aborted = true;
                call = mine.call;
            }
        }
        if (call != null) {
            call.cancel();
        }
    }

    /// Wants nothing more; what runs goes on.
    synchronized void drain() {
        draining = true;
        pull(gate()).ifPresent(context.reports()::pull);
    }

    /// Cancels what still runs; each of those goes back to the ledger.
    void cancelAll() {
        Iterable<RunInProgress> calls;
        synchronized (this) {
            calls = running.values().stream()
                    .map(mine -> mine.call)
                    .filter(call -> call != null)
                    .toList();
        }
        calls.forEach(RunInProgress::cancel);
    }

    @Override
    public void close() {
        monitor.close();
    }

    private void run(Envelope<Ticket> ticket, Running mine) {
        Instant started = context.clock().instant();
        Answer answer = answer(ticket, mine);
        synchronized (this) {
            running.remove(ticket.meta().request().id(), mine);
            kv.release(ticket.meta().request().id());
            notifyAll();
            if (!mine.aborted) {
                report(ticket.meta(), answer);
            }
            countResumed(mine);
        }
        context.metrics()
                .time(
                        WorkerMetric.RUN_TIME,
                        Duration.between(started, context.clock().instant()),
                        endpoint.id().value());
    }

    private Answer answer(Envelope<Ticket> ticket, Running mine) {
        try {
            if (!awaitRoom(ticket.meta())) {
                return Answer.of(new Verdict.Returned("no headroom", 0));
            }
            return runs.run(ticket, context.clock().instant(), this::call, call -> started(mine, call));
        } catch (IOException e) {
            return broken(mine, e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Answer.of(new Verdict.Returned("interrupted", 0));
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("requestId", ticket.meta().request().id())
                    .setCause(e)
                    .log("running a ticket failed");
            return Answer.of(new Verdict.Broken("the worker failed: " + e));
        }
    }

    /// A call that broke off because we cancelled it says nothing about the engine.
    private Answer broken(Running mine, IOException e) {
        synchronized (this) {
            if (mine.aborted) {
                return Answer.of(new Verdict.Returned("aborted", 0), e);
            }
            if (draining) {
                return Answer.of(new Verdict.Returned("drained", 0), e);
            }
        }
        monitor.unreachable(String.valueOf(e.getMessage()));
        return Answer.of(new Verdict.Broken("the engine broke off: " + e.getMessage()), e);
    }

    private EngineCall call(EngineRequest request) {
        return client.call(endpoint, request);
    }

    private void started(Running mine, RunInProgress call) {
        boolean unwanted;
        synchronized (this) {
            mine.call = call;
            unwanted = mine.aborted;
        }
        if (unwanted) {
            call.cancel();
        }
    }

    /// Waits until the engine has room for what is booked, this ticket included, for a moment at most.
    private synchronized boolean awaitRoom(Ticket ticket) throws InterruptedException {
        long deadline = System.nanoTime() + PARKED_MAX.toNanos();
        while (!draining && monitor.state().isReady()) {
            if (kv.holds(ticket.request().tag().band())) {
                return true;
            }
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return false;
    }

    private void report(Ticket ticket, Answer answer) {
        context.metrics().count(WorkerMetric.OUTCOMES, endpoint.id().value(), verdictName(answer.verdict()));
        pull(gate())
                .ifPresent(pull -> context.reports()
                        .outcome(new Envelope<>(
                                new Outcome(
                                        ticket.request().id(),
                                        ticket.epoch(),
                                        ticket.number(),
                                        answer.verdict(),
                                        pull,
                                        answer.partial()),
                                answer.payload())));
    }

    private void countResumed(Running mine) {
        if (mine.call != null && mine.call.keptTokens() > 0) {
            context.metrics().count(WorkerMetric.RESUMED, endpoint.id().value());
            context.metrics()
                    .count(
                            WorkerMetric.KEPT_TOKENS,
                            mine.call.keptTokens(),
                            endpoint.id().value());
        }
    }

    private void observed(EndpointState state) {
        synchronized (this) {
            if (state.load() != null) {
                kv.observe(state.load());
            }
            notifyAll();
        }
        context.announcer().serving(state, pool(state).orElse(null));
        pullIfDue();
    }

    /// The next pull; empty until the endpoint's pool is known.
    private Optional<Pull> pull(Gate gate) {
        EndpointState state = monitor.state();
        return pool(state).map(pool -> {
            planner.published(gate, context.clock().instant());
            return new Pull(
                    puller,
                    pool,
                    context.workPartition(),
                    ++serial,
                    tickets.asOf(),
                    gate.spare(),
                    gate.sequences(),
                    state.models().keySet(),
                    draining,
                    reading(gate));
        });
    }

    /// What explains the pull to whoever asks why work waits.
    private Pull.@Nullable Reading reading(Gate gate) {
        OptionalDouble booked = kv.bookedShare();
        String closedBy = gate.spare().low() > 0 && gate.sequences() > 0
                ? null
                : gate.signal().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return booked.isEmpty()
                ? null
                : new Pull.Reading(
                        booked.getAsDouble(), context.config().ceilings().low(), closedBy);
    }

    private Gate gate() {
        return draining || !monitor.state().isReady()
                ? Gate.closed(Gate.Signal.NOT_READY)
                : kv.gate(context.clock().instant());
    }

    private synchronized boolean isBusy() {
        return !running.isEmpty();
    }

    private Optional<PoolName> pool(EndpointState state) {
        PoolName configured = context.config().pool();
        return configured != null
                ? Optional.of(configured)
                : state.models().keySet().stream()
                        .map(ModelName::value)
                        .sorted()
                        .findFirst()
                        .map(PoolName::new);
    }

    private static String verdictName(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Answered _ -> "answered";
            case Verdict.Refused _ -> "refused";
            case Verdict.Broken _ -> "broken";
            case Verdict.Returned _ -> "returned";
        };
    }
}
