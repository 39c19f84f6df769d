package io.penstock.router.ledger;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.record.Pull;
import java.util.ArrayList;
import java.util.List;

/// One puller as the ledger knows it: its newest pull, and what was given to it since.
///
/// `lastTicket` is the number of its latest ticket. `unseen` holds the tickets above the pull's `asOfTicket`: the pull's
/// spare does not count them yet, so the ledger subtracts their need, whether or not they have ended meanwhile.
/// `live` is how many tickets it holds whose requests are assigned to it.
record PullerState(Pull pull, Standing standing, long lastTicket, List<Unseen> unseen, int live) {
    /// Whether it is given work.
    enum Standing {
        /// Heard of within the lease.
        ACTIVE,
        /// Not heard of for longer than the lease; a later pull revives it.
        SILENT,
        /// Replaced by a newer life of the same worker at the same endpoint; nothing revives it.
        RETIRED
    }

    /// A ticket the pull does not know of, and the KV tokens it needs.
    record Unseen(long ticket, long need) {}

    PullerState {
        unseen = List.copyOf(unseen);
    }

    static PullerState of(Pull pull) {
        return new PullerState(pull, Standing.ACTIVE, pull.asOfTicket(), List.of(), 0);
    }

    String key() {
        return pull.puller().key();
    }

    /// The same puller after `next`, which is at least as new as the present pull.
    PullerState hearing(Pull next) {
        List<Unseen> still =
                unseen.stream().filter(u -> u.ticket() > next.asOfTicket()).toList();
        return new PullerState(next, Standing.ACTIVE, Math.max(lastTicket, next.asOfTicket()), still, live);
    }

    PullerState in(Standing next) {
        return new PullerState(pull, next, lastTicket, unseen, live);
    }

    /// The same puller with one ticket more, of `need` KV tokens.
    PullerState issued(long need) {
        List<Unseen> more = new ArrayList<>(unseen);
        more.add(new Unseen(lastTicket + 1, need));
        return new PullerState(pull, standing, lastTicket + 1, more, live + 1);
    }

    /// The same puller with one live ticket less.
    PullerState released() {
        return new PullerState(pull, standing, lastTicket, unseen, Math.max(0, live - 1));
    }

    /// Requests it may still be given under its newest pull.
    int sequencesLeft() {
        return standing != Standing.ACTIVE || pull.draining() ? 0 : Math.max(0, pull.sequences() - unseen.size());
    }

    /// KV tokens that `band` may still book under its newest pull; negative if it spoke of less since tickets were issued.
    long room(Band band) {
        return pull.spare().of(band) - unseen.stream().mapToLong(Unseen::need).sum();
    }

    boolean serves(ModelName model) {
        return pull.models().contains(model);
    }

    /// True if a request of `need` KV tokens in `band` may go to it.
    ///
    /// The oversized rule: a puller that holds nothing of ours and has something to spare takes any request, because an
    /// estimate above its whole spare would otherwise never be run.
    boolean fits(Band band, long need) {
        if (sequencesLeft() == 0) {
            return false;
        }
        return need <= room(band) || (isIdle() && pull.spare().of(band) > 0);
    }

    private boolean isIdle() {
        return live == 0 && unseen.isEmpty();
    }
}
