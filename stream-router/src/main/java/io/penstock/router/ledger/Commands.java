package io.penstock.router.ledger;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Tag;
import java.time.Instant;

/// Carries out what clients and operators command. A command already in force changes nothing.
final class Commands {
    private final Books books;
    private final Transitions transitions;
    private final Dispatcher dispatcher;
    private final CancelSweeper cancels;
    private final Transitions.Rules rules;

    Commands(
            Books books,
            Transitions transitions,
            Dispatcher dispatcher,
            CancelSweeper cancels,
            Transitions.Rules rules) {
        this.books = books;
        this.transitions = transitions;
        this.dispatcher = dispatcher;
        this.cancels = cancels;
        this.rules = rules;
    }

    void carryOut(Control control, Instant now) {
        switch (control.target()) {
            case Control.OneBatch(BatchId batch) -> onBatch(batch, control, now);
            case Control.OneRequest(RequestId request) -> onRequest(request, control, now);
        }
    }

    /// An order for a batch is remembered, because lines of it may yet be admitted.
    private void onBatch(BatchId batch, Control control, Instant now) {
        Order before = books.orders().of(batch);
        Order after = ordered(before, control.action());
        if (after.equals(before)) {
            return;
        }
        Order given = after.given(control.by(), control.why());
        books.lanes()
                .redirect(
                        batch,
                        () -> books.orders()
                                .put(
                                        batch.value(),
                                        given,
                                        now.plus(rules.policy().memory())));
        if (given.deadline() != null && !given.deadline().equals(before.deadline())) {
            books.deadlines().watch(batch, given.deadline());
        }
        if (given.cancelled() && !before.cancelled()) {
            cancels.abort(batch, now);
            cancels.sweep(now);
        }
        dispatcher.wake(books.lanes().of(batch), now);
    }

    private static Order ordered(Order before, Control.Action action) {
        return switch (action) {
            case Control.Cancel() -> before.cancel();
            case Control.Pause() -> before.pause(true);
            case Control.Resume() -> before.pause(false);
            case Control.Prioritise prioritise -> before.moveTo(prioritise.band());
            case Control.Extend(Instant deadline) -> before.extend(deadline);
            case Control.Retry retry -> before;
            case Control.Redrive redrive -> before;
            case Control.Explain explain -> before;
        };
    }

    /// A single request that is not here yet can only be cancelled; pausing is for batches.
    private void onRequest(RequestId id, Control control, Instant now) {
        Row row = books.row(id);
        switch (control.action()) {
            case Control.Cancel() -> {
                if (row != null) {
                    transitions.apply(row, new Trigger.Cancelled(), now);
                } else if (!books.ended().contains(id)) {
                    Order cancelled = Order.NONE.cancel().given(control.by(), control.why());
                    books.orders()
                            .put(id.value(), cancelled, now.plus(rules.policy().memory()));
                }
            }
            case Control.Prioritise prioritise -> {
                if (row != null) {
                    Tag tag = row.request().tag();
                    retag(row, tag.with(prioritise.band(), tag.deadline()), now);
                }
            }
            case Control.Extend(Instant deadline) -> {
                if (row != null && deadline.isAfter(row.request().tag().deadline())) {
                    Tag tag = row.request().tag();
                    retag(row, tag.with(tag.band(), deadline), now);
                }
            }
            case Control.Pause() -> {}
            case Control.Resume() -> {}
            case Control.Retry retry -> {}
            case Control.Redrive redrive -> {}
            case Control.Explain explain -> {}
        }
    }

    private void retag(Row row, Tag tag, Instant now) {
        Row next = books.retag(row, tag);
        if (next.state() instanceof RowState.Pending) {
            dispatcher.place(next, now);
        }
    }
}
