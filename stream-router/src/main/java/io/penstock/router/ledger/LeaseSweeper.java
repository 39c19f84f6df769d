package io.penstock.router.ledger;

import io.penstock.topics.id.RequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Takes the tickets of the dead: a puller silent for longer than the lease, or replaced by a newer
/// life of its worker, loses its requests to whoever pulls next. It costs them an attempt, so that a
/// request that kills workers ends; not if the worker was draining, for then it was stopped.
final class LeaseSweeper {
    /// Silence after which a puller without tickets is forgotten; `pulls` is kept no longer.
    private static final Duration FORGET = Duration.ofHours(1);

    private final Books books;
    private final Transitions transitions;
    private final Transitions.Rules rules;
    private final LeaseClock clock;

    LeaseSweeper(Books books, Transitions transitions, Transitions.Rules rules, LeaseClock clock) {
        this.books = books;
        this.transitions = transitions;
        this.rules = rules;
        this.clock = clock;
    }

    void sweep(Instant now) {
        int left = rules.policy().sweepRowsMax();
        for (PullerAccount puller : books.pullers().all()) {
            Duration silence = clock.silence(puller.key());
            if (puller.standing() == PullerAccount.Standing.ACTIVE
                    && silence.compareTo(rules.policy().lease()) > 0) {
                books.pullers().become(puller, PullerAccount.Standing.SILENT);
                rules.metrics().count(LedgerCount.LEASES_EXPIRED, 1);
            }
            left -= release(puller, left, now);
            if (silence.compareTo(FORGET) > 0 && puller.live() == 0) {
                books.pullers().forget(puller);
                clock.forget(puller.key());
            }
        }
    }

    /// A newer life of the worker has pulled: retires `former` and takes its first tickets at once, the
    /// rest by ticks.
    void retire(PullerAccount former, Instant now) {
        books.pullers().become(former, PullerAccount.Standing.RETIRED);
        release(former, rules.policy().sweepRowsMax(), now);
    }

    private int release(PullerAccount puller, int limit, Instant now) {
        if (puller.standing() == PullerAccount.Standing.ACTIVE || puller.live() == 0 || limit <= 0) {
            return 0;
        }
        List<RequestId> held = books.pullers().heldBy(puller.puller(), limit);
        for (RequestId id : held) {
            Row row = books.row(id);
            Assignment running = row == null ? null : row.assignment();
            if (row != null && running != null) {
                transitions.apply(
                        row,
                        puller.pull().draining()
                                ? new Trigger.Returned(running, "its worker stopped", 0, null)
                                : new Trigger.Lost(running),
                        now);
            }
        }
        return held.size();
    }
}
