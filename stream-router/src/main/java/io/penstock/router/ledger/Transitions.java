package io.penstock.router.ledger;

import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Admission;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.ErrorCode;
import io.penstock.topics.record.Exhausted;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Tag;
import io.penstock.topics.record.Usage;
import io.penstock.topics.record.Work;
import java.time.Instant;

/// Carries out what `Lifecycle` decides: writes it down, places what has become pending, and emits
/// results and aborts.
final class Transitions {
    private final Books books;
    private final Lifecycle lifecycle;
    private final Dispatcher dispatcher;
    private final Outbox outbox;
    private final LedgerPolicy policy;
    private final LedgerMetrics metrics;
    private final Results results;

    Transitions(Books books, Lifecycle lifecycle, Dispatcher dispatcher, Outbox outbox, Rules rules) {
        this.books = books;
        this.lifecycle = lifecycle;
        this.dispatcher = dispatcher;
        this.outbox = outbox;
        this.policy = rules.policy();
        this.metrics = rules.metrics();
        this.results = new Results(policy);
    }

    /// What the ledger goes by and where it reports.
    record Rules(LedgerPolicy policy, LedgerMetrics metrics) {}

    /// Lets `trigger` happen to `row`; false if it no longer counts.
    boolean apply(Row row, Trigger trigger, Instant now) {
        return switch (lifecycle.decide(row, trigger, books.orders().deadline(row), now)) {
            case Step.Moved(Row next) -> {
                if (trigger instanceof Trigger.Broken broken) {
                    Tag tag = row.request().tag();
                    books.lanes()
                            .of(tag.pool())
                            .failed(tag.prefix(), broken.by().puller().key());
                }
                books.move(row, next);
                if (next.state() instanceof RowState.Pending) {
                    dispatcher.place(next, now);
                }
                yield true;
            }
            case Step.Ended(Finish finish, Assignment abort) -> {
                if (finish instanceof Finish.Unanswered(End end, ErrorCode code, String message)
                        && code == ErrorCode.ATTEMPTS_EXHAUSTED) {
                    keep(row, message, now);
                }
                if (trigger instanceof Trigger.Final) {
                    settle(row, finish);
                }
                books.close(row, now.plus(policy.memory()));
                emit(results.of(row, finish));
                if (abort != null) {
                    abort(row.id(), abort);
                }
                yield true;
            }
            case Step.Ignored() -> false;
        };
    }

    /// Ends a request that never became a row.
    void reject(Admission.Rejected rejected, Instant now) {
        books.ended().add(rejected.id(), now.plus(policy.memory()));
        emit(results.of(rejected));
    }

    private void keep(Row row, String message, Instant now) {
        metrics.count(LedgerCount.EXHAUSTED, 1);
        Exhausted exhausted = new Exhausted(row.request(), row.attemptsMade(), message, now);
        outbox.add(new Emit.Dead(new Envelope<>(exhausted, books.body(row))));
    }

    /// A worker's last word: what the engine billed replaces the estimate that the tenant was charged. Without a bill
    /// the estimate stands, or a tenant whose requests are all refused would be the least served for ever.
    private void settle(Row row, Finish finish) {
        Request request = row.request();
        Usage usage = finish instanceof Finish.Answered answered ? answered.usage() : null;
        long tokens = usage == null
                ? request.tag().cost().fairShare()
                : Math.max(0, usage.inputTokens() + 2L * usage.outputTokens());
        books.charges().settle(request, tokens, books.lanes().laneOf(request));
    }

    private void emit(Emit.ResultLine result) {
        metrics.count(LedgerCount.RESULTS, 1);
        outbox.add(result);
    }

    private void abort(RequestId id, Assignment running) {
        PullerAccount puller = books.pullers().get(running.puller());
        if (puller != null) {
            Work.Abort abort = new Work.Abort(running.puller(), id, running.epoch());
            outbox.add(new Emit.WorkOrder(puller.pull().workPartition(), Envelope.of(abort)));
        }
    }
}
