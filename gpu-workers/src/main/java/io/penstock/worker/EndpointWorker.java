package io.penstock.worker;

import io.penstock.pool.Endpoint;
import io.penstock.pool.EndpointMonitor;
import io.penstock.pool.EndpointProbe;
import io.penstock.pool.EndpointState;
import io.penstock.pool.EngineLoad;
import io.penstock.pool.client.EngineClient;
import io.penstock.pool.kv.Clearance;
import io.penstock.pool.kv.EndpointGate;
import io.penstock.pool.kv.Gate;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Cost;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.InteractiveLoad;
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
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One endpoint's share of a worker: its gate, its pulls, and its tickets. A ticket waits here until the
/// gate lets it go, and then runs on a virtual thread of its own.
///
/// Everything mutable is guarded by this object's lock, under which nothing blocks.
final class EndpointWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointWorker.class);

    /// A worker that was frozen past its lease may be given a request that it is still running.
    private static final String STILL_RUNS = "an earlier assignment of it still runs here";
    private static final long STILL_RUNS_WAIT_MS = 1000;

    private final Endpoint endpoint;
    private final String name;
    private final WorkerContext context;
    private final EngineCalls calls;
    private final TicketRun runs;
    private final EndpointMonitor monitor;
    private final EndpointGate gate;
    private final GivingWay givingWay;
    private final ClosedTime closedTime;
    private final Lessons lessons;
    private final Pulls pulls;
    private final Parking parking = new Parking();
    private final RunningTickets running = new RunningTickets();
    private final Settlement settlement;
    private final Alarm alarm = new Alarm(this::pulse);
    private Instant lastLook = Instant.MIN;
    private Instant lastTicketAt = Instant.MIN;
    private boolean draining;
    private @Nullable Departure departure;
    private boolean wasReady;
    private boolean closed;

    EndpointWorker(Pulls pulls, Endpoint endpoint, EngineClient client, WorkerContext context) {
        this.pulls = pulls;
        this.endpoint = endpoint;
        this.name = endpoint.id().value();
        this.context = context;
        this.runs = new TicketRun(
                context.payloads(), context.config().run(), endpoint.type().continues());
        this.gate = new EndpointGate(context.config().gate());
        this.settlement = new Settlement(name, context);
        this.givingWay = new GivingWay(name, context, gate, running);
        this.closedTime = new ClosedTime(name, context.metrics());
        this.lessons = new Lessons(name, context, gate);
        this.monitor = new EndpointMonitor(
                new EndpointProbe(endpoint, client),
                context.clock(),
                () -> inFlight() > 0,
                context.config().cadence());
        this.calls = new EngineCalls(endpoint, client, context, monitor::state, this::told);
    }

    void start() {
        monitor.listen(this::observed);
        WorkerGauges.Look look = new WorkerGauges.Look(this, gate, this::gate, context.clock());
        new WorkerGauges(name, context.metrics()).register(monitor, look, running, parking);
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

    /// True if the endpoint takes calls and does not fail them all.
    synchronized boolean isUsable() {
        return monitor.state().isReady() && !lessons.isLeftAlone(now());
    }

    /// Tickets that wait or run here.
    synchronized int inFlight() {
        return running.size() + parking.size();
    }

    /// Sends what may go, and publishes a pull if one is due; to be called often.
    void pulse() {
        boolean overdue;
        synchronized (this) {
            if (closed) {
                return;
            }
            gate.tick(now());
            running.answering().forEach(gate::begun);
            sendParked();
            Gate open = gate();
            closedTime.look(open, now());
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
    void accept(Envelope<Ticket> ticket) {
        RunInProgress earlier;
        synchronized (this) {
            if (!pulls.accepts(ticket.meta().number())) {
                return;
            }
            lastTicketAt = now();
            context.metrics().count(WorkerMetric.TICKETS, name);
            RequestId id = ticket.meta().request().id();
            earlier = stop(id, _ -> true);
            if (running.find(id) == null) {
                park(ticket);
            } else {
                report(ticket.meta(), Answer.of(new Verdict.Returned(STILL_RUNS, STILL_RUNS_WAIT_MS)));
            }
        }
        if (earlier != null) {
            earlier.cancel();
        }
    }

    private void park(Envelope<Ticket> ticket) {
        Tag tag = ticket.meta().request().tag();
        int length = monitor.state().models().getOrDefault(tag.servedAs(), 0);
        Cost expected = context.estimates().expected(tag.servedAs(), tag.tenant(), tag.cost(), length);
        RunningTicket mine = new RunningTicket(ticket, expected, now());
        gate.book(mine.id(), mine.band(), expected, now());
        parking.add(mine);
        sendParked();
    }

    /// An instance of the API says what calls it has at this engine. Low work goes between them.
    synchronized void heard(InteractiveLoad said) {
        if (!closed) {
            gate.told(said.source(), said.calls(), said.awaiting(), now());
            sendParked();
        }
    }

    /// Stops what the ledger no longer wants; nothing is reported of it.
    void abort(Abort abort) {
        RunInProgress run;
        synchronized (this) {
            run = stop(abort.id(), epoch -> epoch == abort.epoch());
        }
        if (run != null) {
            run.cancel();
        }
    }

    /// Forgets a parked assignment of `id` whose epoch is one of `epochs`, and marks a running one as
    /// aborted; returns the run to cancel once the lock is free, null if there is none.
    private @Nullable RunInProgress stop(RequestId id, IntPredicate epochs) {
        RunningTicket parked = parking.find(id);
        if (parked != null && epochs.test(parked.ticket.meta().epoch())) {
            parking.remove(parked);
            gate.release(id, 0, now());
        }
        RunningTicket mine = running.find(id);
        if (mine == null || !epochs.test(mine.ticket.meta().epoch())) {
            return null;
        }
        mine.stop = RunningTicket.Stop.ABORTED;
        context.metrics().count(WorkerMetric.ABORTED, name, "ledger");
        return mine.run;
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
            if (lessons.isLeftAlone(now)) {
                return giveBack(mine, "engine fails");
            }
            Clearance clearance = gate.clearance(mine.id(), now);
            if (clearance == Clearance.GO && lessons.admits(running.size(), now)) {
                send(mine, now);
                return Parking.Fate.GONE;
            }
            if (clearance == Clearance.PROMPTS_FIRST) {
                gate.untilNextPrompt(now).ifPresent(alarm::in);
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
        if (Verdicts.isCutOff(made.verdict())) {
            monitor.unreachable("it cut an answer off");
        }
        synchronized (this) {
            Answer answer = departure == null ? made : made.excused("its engine was taken away");
            context.metrics().time(WorkerMetric.RUN_TIME, Duration.between(started, now()), name);
            running.remove(mine);
            lessons.learn(mine.id(), answer.verdict(), now());
            gate.release(mine.id(), settlement.settle(mine, answer.verdict()), now());
            if (mine.stop != RunningTicket.Stop.ABORTED) {
                report(mine.ticket.meta(), answer);
            }
            sendParked();
        }
    }

    private Answer answer(RunningTicket mine) {
        try {
            return runs.run(mine.ticket, now(), request -> calls.of(mine, request), run -> started(mine, run));
        } catch (IOException e) {
            return broken(mine, e);
        } catch (RuntimeException | Error e) {
            // Whatever it was, the request's booking and its ticket must not be held for ever.
            LOG.atError().addKeyValue("requestId", mine.id()).setCause(e).log("running a ticket failed");
            return Answer.of(new Verdict.Broken("the worker failed: " + e));
        }
    }

    /// What a run that broke off had generated goes with its outcome, whoever ended it.
    private Answer broken(RunningTicket mine, IOException e) {
        BreakOff end;
        synchronized (this) {
            end = BreakOff.of(mine.stop, draining, mine.request().tag().deadline(), now(), e);
        }
        if (end.engineIsGone()) {
            monitor.unreachable(String.valueOf(e.getMessage()));
        }
        return Answer.of(end.verdict(), e);
    }

    /// An answer's head told of the engine's load; the run's end, which follows, acts upon it.
    private synchronized void told(EngineLoad load) {
        if (!closed) {
            gate.observe(load);
            context.metrics().count(WorkerMetric.ACCOUNTS, name, "answer");
        }
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
        pull(gate()).ifPresent(pull -> context.reports().outcome(answer.outcome(ticket, pull)));
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
            context.announcer().serving(state, pulls.pool(state).orElse(null));
            EngineLoad load = state.load();
            if (load != null && !load.takenAt().equals(lastLook)) {
                lastLook = load.takenAt();
                gate.observe(load);
                context.metrics().count(WorkerMetric.ACCOUNTS, name, "page");
                yielding = givingWay.to(load, now());
            }
        }
        yielding.forEach(RunInProgress::cancel);
        pulse();
    }

    private Optional<Pull> pull(Gate open) {
        return pulls.next(open, monitor.state(), draining, gate);
    }

    private Gate gate() {
        return draining || !monitor.state().isReady()
                ? Gate.closed(Gate.Signal.NOT_READY)
                : lessons.gate(inFlight(), now());
    }

    private Instant now() {
        return context.clock().instant();
    }
}
