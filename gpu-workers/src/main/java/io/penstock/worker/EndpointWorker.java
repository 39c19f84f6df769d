package io.penstock.worker;

import io.penstock.pool.Endpoint;
import io.penstock.pool.EndpointMonitor;
import io.penstock.pool.EndpointProbe;
import io.penstock.pool.EndpointState;
import io.penstock.pool.EngineLoad;
import io.penstock.pool.client.EngineCall;
import io.penstock.pool.client.EngineClient;
import io.penstock.pool.client.EngineRequest;
import io.penstock.pool.kv.Clearance;
import io.penstock.pool.kv.EndpointGate;
import io.penstock.pool.kv.Gate;
import io.penstock.pool.kv.Yield;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Cost;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Outcome;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Tag;
import io.penstock.topics.record.Usage;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work.Abort;
import io.penstock.topics.record.Work.Ticket;
import io.penstock.worker.pull.PullPlanner;
import io.penstock.worker.pull.TicketBook;
import io.penstock.worker.run.Answer;
import io.penstock.worker.run.TicketRun;
import io.penstock.worker.run.Verdicts;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One endpoint's share of a worker: its gate, its pulls, and its tickets. A ticket waits here until the
/// gate lets it go, and then runs on a virtual thread of its own.
///
/// Everything mutable is guarded by this object's lock, under which nothing blocks.
final class EndpointWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointWorker.class);

    private final Puller puller;
    private final Endpoint endpoint;
    private final WorkerContext context;
    private final EngineClient client;
    private final TicketRun runs;
    private final EndpointMonitor monitor;
    private final EndpointGate gate;
    private final Yield yield;
    private final PullPlanner planner = new PullPlanner();
    private final TicketBook tickets = new TicketBook();
    private final Parking parking = new Parking();
    private final Map<RequestId, RunningTicket> running = new HashMap<>();
    private final WorkerGauges gauges;
    private long serial;
    private boolean draining;
    private boolean wasReady;

    EndpointWorker(Puller puller, Endpoint endpoint, EngineClient client, WorkerContext context) {
        this.puller = puller;
        this.endpoint = endpoint;
        this.client = client;
        this.context = context;
        this.runs = new TicketRun(context.payloads(), context.config().run());
        this.gate = new EndpointGate(context.config().gate());
        this.yield = new Yield(context.config().yield());
        this.monitor = new EndpointMonitor(new EndpointProbe(endpoint, client), context.clock(), this::isBusy);
        this.gauges = new WorkerGauges(endpoint.id().value(), context.metrics());
    }

    void start() {
        monitor.listen(this::observed);
        gauges.register(monitor, new WorkerGauges.Look() {
            @Override
            public double at(BiFunction<EndpointGate, Instant, Double> figure) {
                synchronized (EndpointWorker.this) {
                    return figure.apply(gate, now());
                }
            }

            @Override
            public Gate gate() {
                synchronized (EndpointWorker.this) {
                    return EndpointWorker.this.gate();
                }
            }
        });
        context.metrics().gauge(WorkerMetric.PARKED, this::parked, endpoint.id().value());
        monitor.start();
    }

    Puller puller() {
        return puller;
    }

    EndpointState state() {
        return monitor.state();
    }

    /// Tickets that wait or run here.
    synchronized int inFlight() {
        return running.size() + parking.size();
    }

    private synchronized int parked() {
        return parking.size();
    }

    /// Sends what may go, and publishes a pull if one is due; to be called often.
    synchronized void pulse() {
        sendParked();
        Gate open = gate();
        if (planner.isDue(open, now())) {
            pull(open).ifPresent(pull -> {
                context.reports().pull(pull);
                context.metrics().count(WorkerMetric.PULLS, endpoint.id().value());
            });
        }
    }

    /// Takes a ticket and returns at once.
    synchronized void accept(Envelope<Ticket> ticket) {
        if (!tickets.accept(ticket.meta().number())) {
            return;
        }
        context.metrics().count(WorkerMetric.TICKETS, endpoint.id().value());
        Tag tag = ticket.meta().request().tag();
        Cost expected = context.estimates().expected(tag.servedAs(), tag.tenant(), tag.cost());
        RunningTicket mine = new RunningTicket(ticket, expected, now());
        gate.book(mine.id(), mine.band(), expected, now());
        parking.add(mine);
        sendParked();
    }

    /// Stops what the ledger no longer wants; nothing is reported of it.
    void abort(Abort abort) {
        EngineCall call = null;
        synchronized (this) {
            RunningTicket parked = parking.find(abort.id());
            if (parked != null && parked.ticket.meta().epoch() == abort.epoch()) {
                parking.remove(parked);
                gate.release(abort.id(), 0, now());
            }
            RunningTicket mine = running.get(abort.id());
            if (mine != null && mine.ticket.meta().epoch() == abort.epoch()) {
                mine.stop = RunningTicket.Stop.ABORTED;
                call = mine.call;
            }
        }
        if (call != null) {
            call.cancel();
        }
    }

    /// Wants nothing more; what runs goes on, what waits goes back.
    synchronized void drain() {
        draining = true;
        sendParked();
        pull(gate()).ifPresent(context.reports()::pull);
    }

    /// Cancels what still runs; each of those goes back to the ledger.
    void cancelAll() {
        calls(running -> true).forEach(EngineCall::cancel);
    }

    @Override
    public void close() {
        monitor.close();
    }

    /// Sends what may go, in the order of bands and arrival; gives back what has waited too long.
    private void sendParked() {
        Instant now = now();
        boolean open = !draining && monitor.state().isReady();
        parking.sweep(mine -> {
            if (!open) {
                return giveBack(mine, draining ? "drained" : "not ready");
            }
            Clearance clearance = gate.clearance(mine.id(), now);
            if (clearance == Clearance.GO) {
                send(mine, now);
                return Parking.Fate.GONE;
            }
            return now.isBefore(mine.acceptedAt.plus(Parking.patience(clearance)))
                    ? Parking.Fate.STAYS
                    : giveBack(mine, Parking.reason(clearance));
        });
    }

    private void send(RunningTicket mine, Instant now) {
        gate.sent(mine.id(), now);
        running.put(mine.id(), mine);
        Thread.ofVirtual().name("run " + mine.id()).start(() -> run(mine));
    }

    private Parking.Fate giveBack(RunningTicket mine, String reason) {
        gate.release(mine.id(), 0, now());
        context.metrics().count(WorkerMetric.GIVEN_BACK, endpoint.id().value(), reason);
        report(mine.ticket.meta(), Answer.of(new Verdict.Returned(reason, 0)));
        return Parking.Fate.GONE;
    }

    private void run(RunningTicket mine) {
        Instant started = now();
        Answer answer = answer(mine);
        synchronized (this) {
            running.remove(mine.id(), mine);
            if (Verdicts.isRefusal(answer.verdict())) {
                boolean _ = gate.refused(mine.id(), now());
            }
            gate.release(mine.id(), settle(mine, answer.verdict()), now());
            if (mine.stop != RunningTicket.Stop.ABORTED) {
                report(mine.ticket.meta(), answer);
            }
            sendParked();
        }
        context.metrics()
                .time(
                        WorkerMetric.RUN_TIME,
                        Duration.between(started, now()),
                        endpoint.id().value());
    }

    /// Learns from what the request really took; returns the tokens of its answer.
    private long settle(RunningTicket mine, Verdict verdict) {
        if (!(verdict instanceof Verdict.Answered answered) || answered.usage() == null) {
            return 0;
        }
        Usage usage = answered.usage();
        Tag tag = mine.request().tag();
        context.estimates().settle(tag.servedAs(), tag.tenant(), tag.cost(), usage);
        long real = usage.inputTokens() + usage.outputTokens();
        String name = endpoint.id().value();
        context.metrics().count(WorkerMetric.EXPECTED_TOKENS, (double) mine.expected.kvTokens(), name);
        context.metrics().count(WorkerMetric.REAL_TOKENS, (double) real, name);
        context.metrics()
                .count(
                        WorkerMetric.RECLAIMED_TOKENS,
                        (double) real,
                        name,
                        mine.band().wireName());
        return usage.outputTokens();
    }

    private Answer answer(RunningTicket mine) {
        try {
            return runs.run(mine.ticket, now(), this::call, call -> started(mine, call));
        } catch (IOException e) {
            return broken(mine, e);
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("requestId", mine.id()).setCause(e).log("running a ticket failed");
            return Answer.of(new Verdict.Broken("the worker failed: " + e));
        }
    }

    /// A call that broke off because we cancelled it says nothing about the engine.
    private Answer broken(RunningTicket mine, IOException e) {
        synchronized (this) {
            switch (mine.stop) {
                case ABORTED -> {
                    return Answer.of(new Verdict.Returned("aborted", 0));
                }
                case YIELDED -> {
                    return Answer.of(new Verdict.Returned("gave way to chat", 0));
                }
                case NONE -> {
                    if (draining) {
                        return Answer.of(new Verdict.Returned("drained", 0));
                    }
                }
            }
        }
        monitor.unreachable(String.valueOf(e.getMessage()));
        return Answer.of(new Verdict.Broken("the engine broke off: " + e.getMessage()));
    }

    private EngineCall call(EngineRequest request) {
        return client.call(endpoint, request);
    }

    private void started(RunningTicket mine, EngineCall call) {
        boolean unwanted;
        synchronized (this) {
            mine.call = call;
            unwanted = mine.stop != RunningTicket.Stop.NONE;
        }
        if (unwanted) {
            call.cancel();
        }
    }

    private void report(Ticket ticket, Answer answer) {
        context.metrics().count(WorkerMetric.OUTCOMES, endpoint.id().value(), verdictName(answer.verdict()));
        pull(gate())
                .ifPresent(pull -> context.reports()
                        .outcome(new Envelope<>(
                                new Outcome(
                                        ticket.request().id(), ticket.epoch(), ticket.number(), answer.verdict(), pull),
                                answer.payload())));
    }

    private void observed(EndpointState state) {
        List<EngineCall> yielding = List.of();
        synchronized (this) {
            if (state.isReady() && !wasReady) {
                gate.reopened(now());
            }
            wasReady = state.isReady();
            if (state.load() != null) {
                gate.observe(state.load());
                yielding = yieldingCalls(state.load());
            }
        }
        yielding.forEach(EngineCall::cancel);
        context.announcer().serving(state, pool(state).orElse(null));
        pulse();
    }

    /// The calls that give way to others held up at the engine: those whose prompts it has not begun,
    /// which lose nothing, and a few of the others.
    private List<EngineCall> yieldingCalls(EngineLoad load) {
        int waiting = Math.min(load.waiting(), gate.others());
        if (waiting == 0 || !context.config().yield().enabled()) {
            return List.of();
        }
        Set<RequestId> victims = new HashSet<>(gate.lowUnseen());
        List<Yield.Candidate> candidates = gate.lowSent().stream()
                .map(running::get)
                .filter(mine -> mine != null && !victims.contains(mine.id()))
                .map(mine -> new Yield.Candidate(
                        mine.id(),
                        mine.ticket.meta().epoch(),
                        mine.request().tag().deadline()))
                .toList();
        victims.addAll(yield.victims(waiting, candidates, now()));
        List<RunningTicket> stopping = running.values().stream()
                .filter(mine -> mine.stop == RunningTicket.Stop.NONE && victims.contains(mine.id()))
                .toList();
        stopping.forEach(mine -> mine.stop = RunningTicket.Stop.YIELDED);
        context.metrics()
                .count(
                        WorkerMetric.YIELDED,
                        (double) stopping.size(),
                        endpoint.id().value());
        return calls(stopping::contains);
    }

    private synchronized List<EngineCall> calls(Predicate<RunningTicket> which) {
        return running.values().stream()
                .filter(which)
                .map(mine -> mine.call)
                .filter(call -> call != null)
                .toList();
    }

    /// The next pull; empty until the endpoint's pool is known.
    private Optional<Pull> pull(Gate open) {
        EndpointState state = monitor.state();
        return pool(state).map(pool -> {
            planner.published(open, now());
            return new Pull(
                    puller,
                    pool,
                    context.workPartition(),
                    ++serial,
                    tickets.asOf(),
                    open.spare(),
                    open.sequences(),
                    state.models().keySet(),
                    draining,
                    reading(open));
        });
    }

    /// What explains the pull to whoever asks why work waits.
    private Pull.@Nullable Reading reading(Gate open) {
        OptionalDouble booked = gate.bookedShare();
        String closedBy = open.spare().low() > 0 && open.sequences() > 0
                ? null
                : open.signal().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return booked.isEmpty()
                ? null
                : new Pull.Reading(booked.getAsDouble(), gate.ceilings(now()).low(), closedBy);
    }

    private Gate gate() {
        return draining || !monitor.state().isReady() ? Gate.closed(Gate.Signal.NOT_READY) : gate.gate(now());
    }

    private Instant now() {
        return context.clock().instant();
    }

    private synchronized boolean isBusy() {
        return !running.isEmpty() || parking.size() > 0;
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
