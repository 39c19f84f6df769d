package io.penstock.router.ledger;

import io.penstock.router.ledger.lane.Weights;
import io.penstock.router.ledger.store.KeyedStore;
import io.penstock.topics.record.Admission;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.ErrorCode;
import io.penstock.topics.record.Outcome;
import io.penstock.topics.record.Partial;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Usage;
import io.penstock.topics.record.Verdict;
import java.time.Instant;
import java.util.List;

/// Owns every accepted, unfinished request of its pools: `(state, event, now) → (state, records to
/// write)`.
///
/// It promises that every admitted request ends in exactly one result, and that no ticket is issued for
/// which a pull has no room. It knows no clock, no Kafka and no thread; whoever holds it calls
/// `recover` once and then `on` for each event, from one thread, and writes what it returns in the same
/// transaction as the stores.
public final class Ledger {
    private final Books books;
    private final Transitions transitions;
    private final Dispatcher dispatcher;
    private final Transitions.Rules rules;
    private final Outbox outbox = new Outbox();
    private final LeaseClock leases = new LeaseClock();
    private final LeaseSweeper leaseSweeper;
    private final DeadlineSweeper deadlineSweeper;
    private final BackoffSweeper backoffSweeper;
    private final CancelSweeper cancelSweeper;
    private final MemorySweeper memorySweeper;
    private final Commands commands;
    private final Explainer explainer;
    private final LaneReports reports;

    /// A ledger over two stores: `records` for many small entries, `bodies` for few large ones.
    public Ledger(KeyedStore records, KeyedStore bodies, LedgerPolicy policy, Weights weights, LedgerMetrics metrics) {
        this.books = new Books(records, bodies, weights);
        this.rules = new Transitions.Rules(policy, metrics);
        Lifecycle lifecycle = new Lifecycle(policy);
        this.dispatcher = new Dispatcher(books, lifecycle, outbox, rules);
        this.transitions = new Transitions(books, lifecycle, dispatcher, outbox, rules);
        this.leaseSweeper = new LeaseSweeper(books, transitions, rules, leases);
        this.deadlineSweeper = new DeadlineSweeper(books, transitions, policy.sweepRowsMax());
        this.backoffSweeper = new BackoffSweeper(books, transitions, policy.sweepRowsMax());
        this.cancelSweeper = new CancelSweeper(books, transitions, policy.sweepRowsMax());
        this.memorySweeper = new MemorySweeper(books, policy.memory(), policy.sweepRowsMax());
        this.commands = new Commands(books, transitions, dispatcher, cancelSweeper, rules);
        this.explainer = new Explainer(books);
        this.reports = new LaneReports(books.lanes());
    }

    /// Reads what the stores hold; to be called first, and again after `on` has thrown.
    public void recover() {
        outbox.drain();
        books.recover();
    }

    /// Lets `event` happen at `now`, and returns what is to be written, in order.
    public List<Emit> on(LedgerEvent event, Instant now) {
        switch (event) {
            case LedgerEvent.Admitted(Envelope<Admission> admission, long position) ->
                admitted(admission.meta(), admission.payload(), position, now);
            case LedgerEvent.Pulled(Pull pull) -> pulled(pull, now);
            case LedgerEvent.Reported(Envelope<Outcome> outcome) -> reported(outcome.meta(), outcome.payload(), now);
            case LedgerEvent.Commanded(Control control) -> commanded(control, now);
            case LedgerEvent.Tick(boolean caughtUp) -> tick(caughtUp, now);
        }
        books.flush();
        return outbox.drain();
    }

    /// All that it has written down, to be looked at.
    Books books() {
        return books;
    }

    private void admitted(Admission admission, byte[] body, long position, Instant now) {
        if (books.knows(admission.id())) {
            rules.metrics().count(LedgerCount.DUPLICATE_ADMISSIONS, 1);
            return;
        }
        rules.metrics().count(LedgerCount.ADMITTED, 1);
        switch (admission) {
            case Admission.Rejected rejected -> transitions.reject(rejected, now);
            case Admission.Admitted(Request request) -> {
                Row row = Row.admitted(request, position);
                books.open(row, body);
                if (books.orders().cancelled(request.id())) {
                    transitions.apply(row, new Trigger.Cancelled(), now);
                } else if (!books.orders().deadline(row).isAfter(now)) {
                    transitions.apply(row, new Trigger.DeadlinePassed(), now);
                } else {
                    dispatcher.place(row, now);
                }
            }
        }
    }

    private void pulled(Pull pull, Instant now) {
        if (heard(pull, now)) {
            dispatcher.fill(pull.puller(), now);
        }
    }

    /// A pull is an absolute statement: a newer one replaces what was known, an older one says nothing.
    private boolean heard(Pull pull, Instant now) {
        if (pull.workPartition() >= rules.policy().workPartitions()) {
            rules.metrics().count(LedgerCount.INVALID_PULLS, 1);
            return false;
        }
        PullerAccount known = books.pullers().get(pull.puller());
        boolean retired = known != null && known.standing() == PullerAccount.Standing.RETIRED;
        if (known != null
                && (pull.serial() < known.pull().serial()
                        || (retired && books.pullers().isReplaced(known)))) {
            rules.metrics().count(LedgerCount.STALE_PULLS, 1);
            return false;
        }
        leases.heard(pull.puller().key());
        if (known == null) {
            books.pullers().open(pull);
        } else {
            books.pullers().hear(known, pull);
        }
        if (known == null || retired) {
            for (PullerAccount other : books.pullers().otherLives(pull.puller())) {
                leaseSweeper.retire(other, now);
            }
        }
        return true;
    }

    private void reported(Outcome outcome, byte[] answer, Instant now) {
        // The pull first: the verdict may free a request that it has room for, and it counts that room
        // as free already.
        heard(outcome.pull(), now);
        Assignment by = new Assignment(outcome.epoch(), outcome.pull().puller(), outcome.ticket());
        Row row = books.row(outcome.id());
        if (row == null) {
            rules.metrics().count(LedgerCount.LATE_OUTCOMES, 1);
        } else if (!transitions.apply(row, trigger(by, outcome, answer), now)) {
            rules.metrics().count(LedgerCount.SUPERSEDED_OUTCOMES, 1);
        }
        dispatcher.fill(outcome.pull().puller(), now);
    }

    private static Trigger trigger(Assignment by, Outcome outcome, byte[] answer) {
        Partial partial = outcome.partial();
        return switch (outcome.verdict()) {
            case Verdict.Answered(int status, String engineRequestId, Usage usage) ->
                new Trigger.Final(by, new Finish.Answered(status, engineRequestId, usage, answer));
            case Verdict.Refused(ErrorCode code, String message) ->
                new Trigger.Final(by, new Finish.Unanswered(End.FAILED, code, message));
            case Verdict.Broken(String message) -> new Trigger.Broken(by, message, partial);
            case Verdict.Returned(String reason, long retryAfterMs, boolean yielded) ->
                new Trigger.Returned(by, reason, retryAfterMs, partial, yielded);
        };
    }

    private void commanded(Control control, Instant now) {
        if (control.action() instanceof Control.Explain(String question)) {
            outbox.add(new Emit.Answer(question, explainer.explain(control.target(), now)));
        } else {
            commands.carryOut(control, now);
        }
    }

    /// Judging by silence and deadlines is suspended until all that workers have reported has been
    /// read.
    private void tick(boolean caughtUp, Instant now) {
        leases.tick(now, caughtUp);
        cancelSweeper.sweep(now);
        if (caughtUp) {
            leaseSweeper.sweep(now);
            deadlineSweeper.sweep(now);
            backoffSweeper.sweep(now);
            memorySweeper.sweep(now);
        }
        reports.tick(rules.metrics(), now).forEach(status -> outbox.add(new Emit.Report(status)));
    }
}
