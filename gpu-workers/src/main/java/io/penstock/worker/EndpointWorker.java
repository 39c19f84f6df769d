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
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Cost;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Outcome;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Tag;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work.Abort;
import io.penstock.topics.record.Work.Ticket;
import io.penstock.worker.run.Answer;
import io.penstock.worker.run.RunInProgress;
import io.penstock.worker.run.TicketRun;
import io.penstock.worker.run.Verdicts;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One endpoint's share of a worker: its gate, its pulls, and its tickets. A ticket waits here until the
/// gate lets it go, and then runs on a virtual thread of its own.
///
/// Everything mutable is guarded by this object's lock, under which nothing blocks.
final class EndpointWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointWorker.class);

    private final Endpoint endpoint;
    private final String name;
    private final WorkerContext context;
    private final EngineClient client;
    private final TicketRun runs;
    private final EndpointMonitor monitor;
    private final EndpointGate gate;
    private final Yield yield;
    private final Pulls pulls;
    private final Parking parking = new Parking();
    private final RunningTickets running = new RunningTickets();
    private final Settlement settlement;
    private Instant lastTicketAt = Instant.MIN;
    private boolean draining;
    private @Nullable Departure departure;
    private boolean wasReady;
    private boolean closed;

    EndpointWorker(Pulls pulls, Endpoint endpoint, EngineClient client, WorkerContext context) {
        this.pulls = pulls;
        this.endpoint = endpoint;
        this.name = endpoint.id().value();
        this.client = client;
        this.context = context;
        this.runs = new TicketRun(
                context.payloads(), context.config().run(), endpoint.type().continues());
        this.gate = new EndpointGate(context.config().gate());
        this.settlement = new Settlement(name, context);
        this.yield = new Yield(context.config().yield());
        this.monitor = new EndpointMonitor(new EndpointProbe(endpoint, client), context.clock(), this::isBusy);
    }

    void start() {
        monitor.listen(this::observed);
        new WorkerGauges(name, context.metrics()).register(monitor, new WorkerGauges.Look() {
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
        context.metrics().gauge(WorkerMetric.IN_FLIGHT, this::inFlight, name);
        context.metrics().gauge(WorkerMetric.PARKED, this::parked, name);
        monitor.start();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /// What it has said so far; nobody else's while this runs.
    Pulls pulls() {
        return pulls;
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
    void pulse() {
        boolean overdue;
        synchronized (this) {
            if (closed) {
                return;
            }
            sendParked();
            Gate open = gate();
            if (pulls.isDue(open, now()) || (departure != null && departure.told() == null)) {
                pull(open).ifPresent(pull -> {
                    context.reports().pull(pull);
                    context.metrics().count(WorkerMetric.PULLS, name);
                });
                departure = departure == null ? null : departure.toldAt(now());
            }
            overdue = departure != null && departure.isOverdue(now());
        }
        if (overdue) {
            cancelAll();
        }
    }

    /// Takes a ticket and returns at once.
    synchronized void accept(Envelope<Ticket> ticket) {
        if (!pulls.accepts(ticket.meta().number())) {
            return;
        }
        lastTicketAt = now();
        context.metrics().count(WorkerMetric.TICKETS, name);
        Tag tag = ticket.meta().request().tag();
        Cost expected = context.estimates().expected(tag.servedAs(), tag.tenant(), tag.cost());
        RunningTicket mine = new RunningTicket(ticket, expected, now());
        gate.book(mine.id(), mine.band(), expected, now());
        parking.add(mine);
        sendParked();
    }

    /// Stops what the ledger no longer wants; nothing is reported of it.
    void abort(Abort abort) {
        RunInProgress run = null;
        synchronized (this) {
            RunningTicket parked = parking.find(abort.id());
            if (parked != null && parked.ticket.meta().epoch() == abort.epoch()) {
                parking.remove(parked);
                gate.release(abort.id(), 0, now());
            }
            RunningTicket mine = running.find(abort.id());
            if (mine != null && mine.ticket.meta().epoch() == abort.epoch()) {
                mine.stop = RunningTicket.Stop.ABORTED;
                run = mine.run;
            }
        }
        if (run != null) {
            run.cancel();
        }
    }

    /// Wants nothing more; what runs goes on, what waits goes back.
    synchronized void drain() {
        draining = true;
        sendParked();
        pull(gate()).ifPresent(context.reports()::pull);
    }

    /// Its engine is taken away: drains, and cancels what still runs after the drain timeout.
    synchronized void leave() {
        if (departure == null) {
            draining = true;
            departure = new Departure(now().plus(context.config().drainTimeout()), null);
        }
    }

    /// Its engine is there, after all.
    synchronized void stay() {
        if (departure != null) {
            draining = false;
            departure = null;
            gate.reopened(now());
        }
    }

    /// True if it was told to leave, holds nothing and gets nothing.
    synchronized boolean hasLeft() {
        return departure != null && inFlight() == 0 && departure.isQuiet(lastTicketAt, now());
    }

    /// Cancels what still runs; each of those goes back to the ledger.
    void cancelAll() {
        List<RunInProgress> runs;
        synchronized (this) {
            runs = running.drained();
        }
        runs.forEach(RunInProgress::cancel);
    }

    @Override
    public void close() {
        monitor.close();
        synchronized (this) {
            closed = true;
        }
        context.metrics().forget("endpoint", name);
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
        running.add(mine);
        Thread.ofVirtual().name("run " + mine.id()).start(() -> run(mine));
    }

    private Parking.Fate giveBack(RunningTicket mine, String reason) {
        gate.release(mine.id(), 0, now());
        context.metrics().count(WorkerMetric.GIVEN_BACK, name, reason);
        report(mine.ticket.meta(), Answer.of(new Verdict.Returned(reason, 0)));
        return Parking.Fate.GONE;
    }

    private void run(RunningTicket mine) {
        Instant started = now();
        Answer made = answer(mine);
        synchronized (this) {
            Answer answer = departure == null ? made : made.excused("its engine was taken away");
            context.metrics().time(WorkerMetric.RUN_TIME, Duration.between(started, now()), name);
            running.remove(mine);
            if (Verdicts.isRefusal(answer.verdict())) {
                boolean _ = gate.refused(mine.id(), now());
            }
            gate.release(mine.id(), settlement.settle(mine, answer.verdict()), now());
            if (mine.stop != RunningTicket.Stop.ABORTED) {
                report(mine.ticket.meta(), answer);
            }
            sendParked();
        }
    }

    private Answer answer(RunningTicket mine) {
        try {
            return runs.run(mine.ticket, now(), this::call, run -> started(mine, run));
        } catch (IOException e) {
            return broken(mine, e);
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("requestId", mine.id()).setCause(e).log("running a ticket failed");
            return Answer.of(new Verdict.Broken("the worker failed: " + e));
        }
    }

    /// What a run that broke off had generated goes with its outcome, whoever ended it.
    private Answer broken(RunningTicket mine, IOException e) {
        return Answer.of(whyBroken(mine, e), e);
    }

    /// A call that broke off because we cancelled it says nothing about the engine.
    private Verdict whyBroken(RunningTicket mine, IOException e) {
        synchronized (this) {
            switch (mine.stop) {
                case ABORTED -> {
                    return new Verdict.Returned("aborted", 0);
                }
                case YIELDED -> {
                    return new Verdict.Returned("gave way to chat", 0);
                }
                case DRAINED -> {
                    return new Verdict.Returned("drained", 0);
                }
                case NONE -> {
                    if (draining) {
                        return new Verdict.Returned("drained", 0);
                    }
                }
            }
        }
        monitor.unreachable(String.valueOf(e.getMessage()));
        return new Verdict.Broken("the engine broke off: " + e.getMessage());
    }

    private EngineCall call(EngineRequest request) {
        return client.call(endpoint, request);
    }

    private void started(RunningTicket mine, RunInProgress run) {
        boolean unwanted;
        synchronized (this) {
            mine.run = run;
            unwanted = mine.stop != RunningTicket.Stop.NONE;
        }
        if (unwanted) {
            run.cancel();
        }
    }

    private void report(Ticket ticket, Answer answer) {
        context.metrics().count(WorkerMetric.OUTCOMES, name, Verdicts.name(answer.verdict()));
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

    private void observed(EndpointState state) {
        List<RunInProgress> yielding = List.of();
        synchronized (this) {
            if (closed) {
                return;
            }
            if (state.isReady() && !wasReady) {
                gate.reopened(now());
            }
            wasReady = state.isReady();
            if (state.load() != null) {
                gate.observe(state.load());
                yielding = yieldingRuns(state.load());
            }
        }
        yielding.forEach(RunInProgress::cancel);
        context.announcer().serving(state, pulls.pool(state).orElse(null));
        pulse();
    }

    /// The runs that give way to others held up at the engine: those whose prompts it has not begun,
    /// which lose nothing, and a few of the others.
    private List<RunInProgress> yieldingRuns(EngineLoad load) {
        int waiting = Math.min(load.waiting(), gate.others());
        if (waiting == 0 || !context.config().yield().enabled()) {
            return List.of();
        }
        Set<RequestId> victims = new HashSet<>(gate.lowUnseen());
        List<RequestId> begun =
                gate.lowSent().stream().filter(id -> !victims.contains(id)).toList();
        victims.addAll(yield.victims(waiting, running.candidates(begun), now()));
        List<RunningTicket> stopping = running.yielding(victims);
        context.metrics().count(WorkerMetric.YIELDED, (double) stopping.size(), name);
        return running.runs(stopping::contains);
    }

    private Optional<Pull> pull(Gate open) {
        return pulls.next(open, monitor.state(), draining, gate);
    }

    private Gate gate() {
        return draining || !monitor.state().isReady() ? Gate.closed(Gate.Signal.NOT_READY) : gate.gate(now());
    }

    private Instant now() {
        return context.clock().instant();
    }

    private synchronized boolean isBusy() {
        return running.size() > 0 || parking.size() > 0;
    }
}
