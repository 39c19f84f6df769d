package io.penstock.router.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Outcome;
import io.penstock.topics.record.Partial;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the ledger owes in one history, noted from outside, and checked with every record it writes.
final class Promises {
    private final String name;
    private final Set<RequestId> accepted = new LinkedHashSet<>();
    private final Map<RequestId, End> ended = new HashMap<>();
    private final Set<BatchId> paused = new HashSet<>();
    private final Set<BatchId> cancelledBatches = new HashSet<>();
    private final Set<RequestId> cancelled = new HashSet<>();
    private final Map<RequestId, Instant> deadlines = new HashMap<>();
    private final Map<BatchId, Instant> extended = new HashMap<>();
    private final Map<RequestId, Band> bands = new HashMap<>();
    private final Map<BatchId, Band> moved = new HashMap<>();
    private final Map<RequestId, Integer> yields = new HashMap<>();
    private int wentOn;

    /// Those of the history called `name`.
    Promises(String name) {
        this.name = name;
    }

    Set<RequestId> accepted() {
        return accepted;
    }

    /// Accepted requests without a result.
    Set<RequestId> unfinished() {
        Set<RequestId> unfinished = new LinkedHashSet<>(accepted);
        unfinished.removeAll(ended.keySet());
        return unfinished;
    }

    Set<BatchId> paused() {
        return Set.copyOf(paused);
    }

    /// Tickets that went on from a text.
    int wentOn() {
        return wentOn;
    }

    void submitted(Request request) {
        accepted.add(request.id());
        deadlines.putIfAbsent(request.id(), request.tag().deadline());
        bands.putIfAbsent(request.id(), request.tag().band());
    }

    void rejected(RequestId id) {
        accepted.add(id);
    }

    void commanded(Control control) {
        switch (control.target()) {
            case Control.OneBatch(BatchId batch) -> commanded(batch, control.action());
            case Control.OneRequest(RequestId id) -> commanded(id, control.action());
        }
    }

    private void commanded(BatchId batch, Control.Action action) {
        switch (action) {
            case Control.Cancel() -> cancelledBatches.add(batch);
            case Control.Pause() -> paused.add(batch);
            case Control.Resume() -> paused.remove(batch);
            case Control.Extend(Instant deadline) -> extended.merge(batch, deadline, Promises::later);
            case Control.Prioritise prioritise -> moved.put(batch, prioritise.band());
            case Control.Retry _ -> {}
            case Control.Redrive _ -> {}
            case Control.Explain _ -> {}
        }
    }

    private void commanded(RequestId id, Control.Action action) {
        switch (action) {
            case Control.Cancel() -> cancelled.add(id);
            case Control.Extend(Instant deadline) ->
                deadlines.computeIfPresent(id, (_, known) -> later(known, deadline));
            case Control.Pause() -> {}
            case Control.Resume() -> {}
            case Control.Prioritise prioritise -> bands.computeIfPresent(id, (_, _) -> prioritise.band());
            case Control.Retry _ -> {}
            case Control.Redrive _ -> {}
            case Control.Explain _ -> {}
        }
    }

    /// Of what workers report, a yield of the present assignment counts.
    void happening(LedgerEvent event, LedgerBench bench) {
        if (event instanceof LedgerEvent.Reported(Envelope<Outcome> reported)
                && reported.meta().verdict() instanceof Verdict.Returned returned
                && returned.yielded()) {
            Outcome outcome = reported.meta();
            Row row = bench.books().row(outcome.id());
            Assignment by = new Assignment(outcome.epoch(), outcome.pull().puller(), outcome.ticket());
            if (row != null && by.equals(row.assignment())) {
                yields.merge(outcome.id(), 1, Integer::sum);
            }
        }
    }

    /// Nothing paused or cancelled is given out, each goes by the band it was moved to last unless it has waited long
    /// enough for a better one, and what goes on from a text goes on from its own.
    void check(Work.Ticket ticket, Instant now) {
        RequestId id = ticket.request().id();
        BatchId batch = id.batch();
        assertThat(batch != null && paused.contains(batch))
                .as("%s: %s is paused and was given out", name, id)
                .isFalse();
        assertThat(cancelled.contains(id) || (batch != null && cancelledBatches.contains(batch)))
                .as("%s: %s is cancelled and was given out", name, id)
                .isFalse();
        Band band = batch != null && moved.containsKey(batch) ? moved.get(batch) : bands.get(id);
        boolean old = !now.isBefore(ticket.request().acceptedAt().plus(LedgerPolicy.DEFAULT.promoteAfter()));
        assertThat(ticket.request().tag().band())
                .as("%s: the band of %s", name, id)
                .isBetween(old ? Band.HIGH : band, band);
        assertThat(ticket.yields()).as("%s: yields of %s", name, id).isEqualTo(yields.getOrDefault(id, 0));
        checkPartial(ticket);
    }

    /// A result is the first of an accepted request, and no deadline is missed before it has passed.
    void check(Emit.ResultLine result, Instant now) {
        RequestId id = result.id();
        assertThat(accepted)
                .as("%s: a result of a request never accepted", name)
                .contains(id);
        assertThat(ended.put(id, result.end()))
                .as("%s: a second result of %s", name, id)
                .isNull();
        if (result.end() == End.EXPIRED) {
            assertThat(now)
                    .as("%s: %s expired before the last deadline it was given", name, id)
                    .isAfterOrEqualTo(deadline(id));
        }
    }

    private Instant deadline(RequestId id) {
        BatchId batch = id.batch();
        Instant own = deadlines.getOrDefault(id, Instant.MAX);
        return batch == null ? own : later(own, extended.getOrDefault(batch, own));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /// What a ticket goes on from was left by earlier assignments of the same request, each of which
    /// added its epoch once.
    private void checkPartial(Work.Ticket ticket) {
        Partial partial = ticket.partial();
        if (partial == null) {
            return;
        }
        wentOn++;
        assertThat(ticket.request().tag().resume()).as(name).isTrue();
        List<String> parts = List.of(partial.text().split(" ", -1));
        assertThat(parts.getFirst())
                .as("%s: whose text", name)
                .isEqualTo(ticket.request().id().value());
        List<Integer> epochs = parts.stream().skip(1).map(Integer::valueOf).toList();
        assertThat(epochs)
                .as("%s: epochs that wrote for %s", name, ticket)
                .hasSizeBetween(1, Partial.RUNS_MAX)
                .isSorted()
                .doesNotHaveDuplicates()
                .allMatch(epoch -> epoch < ticket.epoch());
    }
}
