package io.penstock.router.ledger;

import io.penstock.router.ledger.lane.Backlog;
import io.penstock.router.ledger.lane.BacklogKey;
import io.penstock.router.ledger.lane.Flow;
import io.penstock.router.ledger.lane.Lane;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Explanation;
import io.penstock.topics.record.LaneStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Says in a sentence why a batch or a request waits, from the ledger's own state.
final class Explainer {
    /// Requests counted exactly; of more it says "over".
    private static final int COUNT_MAX = 10_000;

    private final Books books;
    private final EngineView engines;

    Explainer(Books books) {
        this.books = books;
        this.engines = new EngineView(books.pullers());
    }

    List<Explanation.Part> explain(Control.Target target, Instant now) {
        return switch (target) {
            case Control.OneBatch(BatchId batch) -> ofBatch(batch);
            case Control.OneRequest(RequestId id) -> ofRequest(id, now);
        };
    }

    private List<Explanation.Part> ofRequest(RequestId id, Instant now) {
        Row row = books.row(id);
        if (row == null) {
            return books.ended().contains(id)
                    ? List.of(new Explanation.Part("", 0, 0, 0, "It has ended; its result is on the results topic.", 0))
                    : List.of();
        }
        Lane lane = books.lanes().laneOf(row.request());
        String name = name(lane);
        return List.of(
                switch (row.state()) {
                    case RowState.Assigned(Assignment to) -> new Explanation.Part(name, 0, 1, 0, running(row, to), -1);
                    case RowState.Waiting(Instant until, String why) ->
                        new Explanation.Part(name, 0, 0, 1, backingOff(row, until, why, now), -1);
                    case RowState.Pending() -> pending(row, lane, name, now);
                });
    }

    private static String running(Row row, Assignment to) {
        return "It runs at " + to.puller().endpoint() + " (worker "
                + to.puller().worker() + "), attempt " + row.attemptsMade() + ".";
    }

    private static String backingOff(Row row, Instant until, String why, Instant now) {
        long ms = Math.max(0, until.toEpochMilli() - now.toEpochMilli());
        String after = row.attempts() == 0 ? "" : " after " + Words.count(row.attempts(), "failed attempt");
        return "It backs off for another " + Words.seconds(ms) + after + ": " + why + ".";
    }

    private Explanation.Part pending(Row row, Lane lane, String name, Instant now) {
        Backlog backlog = books.lanes().backlogOf(row.request());
        if (backlog == null) {
            throw new IllegalStateException("a pending request is in a backlog");
        }
        int before = backlog.before(row.entry().place(), COUNT_MAX);
        long share = backlog.depth() == 0 ? 0 : backlog.cost() * (before + 1) / backlog.depth();
        String place = before == 0
                ? "It is the next of its tenant"
                : (before >= COUNT_MAX ? "Over " + COUNT_MAX : "" + before) + " of its tenant's requests are before it";
        return part(
                lane,
                backlog,
                name,
                place + keptAway(row, now),
                share,
                row.entry().need(),
                new long[] {1, 0, 0});
    }

    private static String keptAway(Row row, Instant now) {
        String engines = row.avoided().stream()
                .filter(avoided -> avoided.until().isAfter(now))
                .map(avoided -> avoided.endpoint().value())
                .collect(Collectors.joining(" and "));
        return engines.isEmpty() ? "" : ", kept from " + engines + ", where it failed, while there is another";
    }

    private List<Explanation.Part> ofBatch(BatchId batch) {
        List<Explanation.Part> parts = new ArrayList<>();
        long running = running(batch);
        long waiting = books.backoffs().of(batch);
        for (Backlog backlog : books.lanes().of(batch)) {
            Lane lane = books.lanes().laneOf(backlog);
            var first = backlog.first();
            long need = first == null ? 0 : first.need();
            String place = Words.count(backlog.depth(), "line") + " of it " + (backlog.depth() == 1 ? "waits" : "wait");
            long[] counts = {backlog.depth(), running, waiting};
            parts.add(part(lane, backlog, name(lane), place, backlog.cost(), need, counts));
            running = 0;
            waiting = 0;
        }
        if (parts.isEmpty() && running + waiting > 0) {
            String sentence = "Nothing of it waits for an engine: " + running + " run, " + waiting + " back off.";
            parts.add(new Explanation.Part("", 0, running, waiting, sentence, -1));
        }
        return parts;
    }

    private long running(BatchId batch) {
        return books.pullers().all().stream()
                .flatMap(puller -> books.pullers().heldBy(puller.puller(), Integer.MAX_VALUE).stream())
                .filter(id -> batch.equals(id.batch()))
                .count();
    }

    /// `cost` tokens of the flow, this included, are to be served until it is done.
    private Explanation.Part part(
            Lane lane, Backlog backlog, String name, String place, long cost, long need, long[] counts) {
        if (backlog.isPaused()) {
            Order order = books.orders().of(backlog.key().batch());
            String why = order.why() == null ? "" : " (" + order.why() + ")";
            String held = order.cancelled() ? ", about to end, cancelled by " : ", paused by ";
            String sentence = place + " in lane " + name + held + order.by() + why + ".";
            return new Explanation.Part(name, counts[0], counts[1], counts[2], sentence, -1);
        }
        List<Flow> flows = List.copyOf(lane.flows());
        double rate = lane.meter().costPerSecond();
        long etaMs =
                rate == 0 ? -1 : (long) (1000 * Math.min((double) total(lane), (double) cost * flows.size()) / rate);
        String sentence = place + " in lane " + name + "; " + above(lane) + ahead(lane, flows, backlog.key()) + "; "
                + engines.demand(backlog.key().pool(), backlog.key().model(), lane.band(), need)
                + (etaMs < 0 ? "." : "; about " + Words.seconds(etaMs) + ".");
        return new Explanation.Part(name, counts[0], counts[1], counts[2], sentence, etaMs);
    }

    private long total(Lane lane) {
        return books.lanes().backlogs().stream()
                .filter(backlog -> books.lanes().laneOf(backlog).equals(lane) && !backlog.isPaused())
                .mapToLong(Backlog::cost)
                .sum();
    }

    /// What waits in higher bands of the pool, which goes first but for the minimum share.
    private String above(Lane lane) {
        long waiting = books.lanes().backlogs().stream()
                .filter(backlog -> backlog.key().pool().equals(lane.pool()) && !backlog.isPaused())
                .filter(backlog -> books.lanes().laneOf(backlog).band().compareTo(lane.band()) < 0)
                .mapToLong(Backlog::depth)
                .sum();
        return waiting == 0 ? "" : Words.count(waiting, "request") + " in higher bands before it; ";
    }

    private static String ahead(Lane lane, List<Flow> flows, BacklogKey own) {
        long ahead = lane.ready(own.model()).stream()
                .takeWhile(flow -> !flow.tenant().equals(own.tenant()))
                .count();
        return Words.count(flows.size(), "tenant") + (flows.size() == 1 ? " has" : " share it, each having")
                + " work there, " + ahead + " ahead by fair share";
    }

    private static String name(Lane lane) {
        return LaneStatus.key(lane.pool(), lane.band()).replace(' ', '/');
    }
}
