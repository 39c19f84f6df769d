package io.penstock.router.ledger;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Puller;
import java.util.ArrayDeque;
import java.util.Collection;

/// One puller as the ledger knows it: its newest pull, and what was given to it since. Held in memory;
/// what must outlive the task is its `State` and its tickets, from which the rest is counted anew.
///
/// *Unseen* tickets are those above the pull's `asOfTicket`: its spare does not count them yet, so the
/// ledger subtracts their need, whether or not they have ended meanwhile. *Live* ones are those whose
/// requests are assigned to it.
final class PullerAccount {
    /// Whether it is given work.
    enum Standing {
        /// Heard of within the lease.
        ACTIVE,
        /// Not heard of for longer than the lease; a later pull revives it.
        SILENT,
        /// Replaced by another life of the same worker at the same endpoint. A later pull revives it only once
        /// that one is silent: then it was the other's first pull that came late.
        RETIRED
    }

    /// What is written down of it. `lastTicket` is the number of its latest ticket.
    record State(Pull pull, Standing standing, long lastTicket) {}

    private record Unseen(long ticket, long need) {}

    private final ArrayDeque<Unseen> unseen = new ArrayDeque<>();
    private State state;
    private long unseenNeed;
    private int live;
    private boolean endedUnseen;

    PullerAccount(State state) {
        this.state = state;
    }

    static PullerAccount opened(Pull pull) {
        return new PullerAccount(new State(pull, Standing.ACTIVE, pull.asOfTicket()));
    }

    State state() {
        return state;
    }

    Pull pull() {
        return state.pull();
    }

    Puller puller() {
        return state.pull().puller();
    }

    String key() {
        return puller().key();
    }

    Standing standing() {
        return state.standing();
    }

    long lastTicket() {
        return state.lastTicket();
    }

    int live() {
        return live;
    }

    void hear(Pull next) {
        state = new State(next, Standing.ACTIVE, Math.max(state.lastTicket(), next.asOfTicket()));
        while (!unseen.isEmpty() && unseen.peek().ticket() <= next.asOfTicket()) {
            unseenNeed -= unseen.remove().need();
        }
    }

    void become(Standing standing) {
        state = new State(state.pull(), standing, state.lastTicket());
    }

    /// Notes a ticket of `need` KV tokens; `number` is above all before.
    void give(long number, long need, boolean isLive) {
        state = new State(state.pull(), state.standing(), Math.max(state.lastTicket(), number));
        live += isLive ? 1 : 0;
        endedUnseen |= !isLive;
        if (number > pull().asOfTicket()) {
            unseen.add(new Unseen(number, need));
            unseenNeed += need;
        }
    }

    /// Notes that one of its tickets is no longer live; `hasYetToSee` says whether it has yet to see
    /// that ticket.
    void release(boolean hasYetToSee) {
        live--;
        endedUnseen |= hasYetToSee;
    }

    /// True if tickets may have ended before it saw them; such tickets are kept until it has.
    boolean hasSeenEnded() {
        boolean may = endedUnseen;
        endedUnseen &= !unseen.isEmpty();
        return may;
    }

    /// True if it is heard of and is not stopping.
    boolean takes() {
        return standing() == Standing.ACTIVE && !pull().draining();
    }

    /// Requests it may still be given under its newest pull.
    int sequencesLeft() {
        return takes() ? Math.max(0, pull().sequences() - unseen.size()) : 0;
    }

    /// KV tokens that `band` may still book under its newest pull; negative if it spoke of less since
    /// tickets were issued.
    long room(Band band) {
        return pull().spare().of(band) - unseenNeed;
    }

    Collection<ModelName> models() {
        return pull().models();
    }

    /// True if a request of `need` KV tokens in `band` may go to it.
    ///
    /// The oversized rule: a puller that holds nothing of ours and has something to spare takes any
    /// request, because an estimate above its whole spare would otherwise never be run.
    boolean fits(Band band, long need) {
        if (sequencesLeft() == 0) {
            return false;
        }
        return need <= room(band)
                || (live == 0 && unseen.isEmpty() && pull().spare().of(band) > 0);
    }
}
