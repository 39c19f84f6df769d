package io.penstock.router.ledger;

import io.penstock.router.ledger.lane.Backlog;
import io.penstock.router.ledger.lane.Charge;
import io.penstock.router.ledger.lane.FairShare;
import io.penstock.router.ledger.lane.LaneEntry;
import io.penstock.router.ledger.lane.PoolLanes;
import io.penstock.topics.id.AsyncKind;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Tag;
import io.penstock.topics.record.Work;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Brings pending requests and pulls with room together, in the step in which either arrives.
final class Dispatcher {
    /// Tickets issued in one step; a puller with more room gets the rest with its next pull, within a
    /// second.
    private static final int TICKETS_MAX = 1024;

    private final Books books;
    private final FairShare scheduler;
    private final Lifecycle lifecycle;
    private final Outbox outbox;
    private final LedgerMetrics metrics;
    private final double minimumShare;

    Dispatcher(Books books, Lifecycle lifecycle, Outbox outbox, Transitions.Rules rules) {
        this.books = books;
        this.scheduler = new FairShare(rules.policy().promoteAfter());
        this.lifecycle = lifecycle;
        this.outbox = outbox;
        this.metrics = rules.metrics();
        this.minimumShare = rules.policy().minimumShare();
    }

    /// A pull has come: gives the puller what it has room for.
    void fill(Puller puller, Instant now) {
        for (int issued = 0; issued < TICKETS_MAX; issued++) {
            PullerAccount account = books.pullers().get(puller);
            if (account == null) {
                return;
            }
            PoolLanes lanes = books.lanes().of(account.pull().pool());
            FairShare.Pick pick = scheduler.next(lanes, new Candidate(account, books.pullers(), now), now);
            if (pick == null) {
                return;
            }
            assign(pick, lanes.take(pick, account.key(), minimumShare, now), account, now);
        }
    }

    /// A request has become pending: if pullers have room for it, fills the one that last ran its
    /// prefix group, else the emptiest. A request at the end of a long backlog is left to the pulls:
    /// nothing near its head fits, or it would have gone.
    void place(Row row, Instant now) {
        Tag tag = row.request().tag();
        Backlog backlog = books.lanes().backlogOf(row.request());
        if (backlog == null || backlog.isPaused() || (row.epoch() == 0 && backlog.depth() > FairShare.LOOK_AHEAD)) {
            return;
        }
        PullerAccount best = best(row, books.orders().band(row.id().batch(), tag.band()), now);
        if (best != null) {
            fill(best.puller(), now);
        }
    }

    /// Commands have changed `backlogs`: what may go now goes at once.
    void wake(Collection<Backlog> backlogs, Instant now) {
        Set<PoolName> pools = new HashSet<>();
        backlogs.forEach(backlog -> pools.add(backlog.key().pool()));
        for (PoolName pool : pools) {
            for (PullerAccount puller : Set.copyOf(books.pullers().of(pool))) {
                fill(puller.puller(), now);
            }
        }
    }

    private @Nullable PullerAccount best(Row row, Band band, Instant now) {
        Tag tag = row.request().tag();
        LaneEntry entry = row.entry();
        String lastRan = books.lanes().of(tag.pool()).lastRan(tag.prefix());
        PullerAccount emptiest = null;
        for (PullerAccount puller : books.pullers().of(tag.pool())) {
            Candidate candidate = new Candidate(puller, books.pullers(), now);
            if (puller.models().contains(tag.servedAs())
                    && puller.fits(band, entry.need())
                    && !candidate.isAvoidedBy(entry, tag.servedAs())) {
                if (puller.key().equals(lastRan)) {
                    return puller;
                }
                if (emptiest == null || puller.room(band) > emptiest.room(band)) {
                    emptiest = puller;
                }
            }
        }
        return emptiest;
    }

    private void assign(FairShare.Pick pick, Charge charge, PullerAccount puller, Instant now) {
        Row row = books.row(pick.entry().id());
        Puller to = puller.puller();
        long ticket = puller.lastTicket() + 1;
        Instant deadline = row == null ? now : books.orders().deadline(row);
        if (row == null
                || !(lifecycle.decide(row, new Trigger.Assign(to, ticket), deadline, now)
                        instanceof Step.Moved(Row assigned))) {
            throw new IllegalStateException("request " + pick.entry().id() + " is in a lane but not pending");
        }
        metrics.count(LedgerCount.ASSIGNMENTS, 1);
        if (assigned.epoch() > 1) {
            metrics.count(LedgerCount.REASSIGNMENTS, 1);
        }
        if (pick.outOfTurn()) {
            metrics.count(LedgerCount.MINIMUM_SHARE_ASSIGNMENTS, 1);
        }
        if (pick.entry().need() > puller.room(pick.band())) {
            metrics.count(LedgerCount.OVERSIZED_ASSIGNMENTS, 1);
        }
        books.give(row, assigned, charge);
        Request request = row.request().tagged(row.request().tag().with(pick.band(), deadline));
        Work.Ticket order =
                new Work.Ticket(to, ticket, assigned.epoch(), request, assigned.partial(), assigned.yields());
        if (assigned.epoch() == 1 && AsyncKind.of(row.id()) != null) {
            outbox.add(new Emit.First(row.id()));
        }
        outbox.add(new Emit.WorkOrder(puller.pull().workPartition(), new Envelope<>(order, books.body(row))));
    }
}
