package io.penstock.pool.kv;

import io.penstock.pool.EngineLoad;
import io.penstock.topics.id.Band;
import java.time.Instant;

/// What an engine's others, chat above all, can stand of our work: the ceilings come down as they press,
/// and low work is let in slowly while they are there, at moments at which none of them awaits its first
/// word. They are seen in the engine's account, and told by those who send them. Not thread-safe.
final class ChatGuard {
    private final ChatLimits limits;
    private final int waitingMax;
    private final Others others;
    private final CeilingSteps ceilings;
    private final TokenBucket trickle;
    private final ToldCalls told = new ToldCalls();
    private long largestNeed;

    ChatGuard(GatePolicy policy, Pace pace) {
        this.limits = policy.chat();
        this.waitingMax = Math.max(1, policy.limits().waitingMax());
        this.others = new Others(limits.linger(), pace);
        this.ceilings = new CeilingSteps(policy.ceilings(), limits.ceilings(), limits.linger());
        this.trickle = new TokenBucket(limits.tokensPerSecond());
    }

    void booked(Booking booking) {
        long need = booking.need().kvTokens();
        largestNeed = Math.max(need, largestNeed - largestNeed / 64);
    }

    void sent(Booking booking, Instant now) {
        if (isSlow(booking.band(), now)) {
            trickle.take(booking.need().kvTokens(), now);
        }
    }

    /// A request of ours that had been sent has ended.
    void ended(Instant now) {
        others.ended(now);
    }

    /// Takes note of an account that is to be believed, while `ours` requests of ours are at the engine.
    void observe(EngineLoad load, int ours, Instant at) {
        news(() -> others.observe(load, ours, at), at);
    }

    /// One who sends interactive calls says how many of them are there.
    void told(String source, int calls, int awaiting, Instant now) {
        news(() -> told.told(source, calls, awaiting, now), now);
    }

    /// Takes note of news; if others come by it, nothing is saved up for low work.
    private void news(Runnable note, Instant now) {
        boolean before = arePresent(now);
        note.run();
        if (!before && arePresent(now)) {
            trickle.empty(now);
        }
    }

    /// Nothing that the engine tells can be believed.
    void knowNothing() {
        others.knowNothing();
    }

    /// Time has passed.
    void tick(Knowledge known, int ours, Instant now) {
        others.forget(now);
        ceilings.observe(pressure(known, ours, now), now);
    }

    /// How hard the others press: their share of the cache, or those of them who wait, 1 for the most.
    private double pressure(Knowledge known, int ours, Instant now) {
        if (!arePresent(now)) {
            return 0;
        }
        int there = count(now);
        int waiting = known.waiting() == null ? 0 : Math.min(known.waiting().value(), there);
        int all = there + ours;
        double share = known.kvUse() == null || all == 0 ? 0 : known.kvUse().value() * there / all;
        return Math.max((double) waiting / waitingMax, share / limits.fullShare());
    }

    Ceilings ceilings() {
        return ceilings.ceilings();
    }

    boolean arePresent(Instant now) {
        return others.arePresent(now) || told.arePresent(now, limits.linger());
    }

    /// How many they are: of what is seen and what is told, the more.
    int count(Instant now) {
        return Math.max(others.count(), told.calls(now));
    }

    private boolean isSlow(Band band, Instant now) {
        return band == Band.LOW && arePresent(now);
    }

    /// Whether it is low work's turn: once one is due, when no call awaits its first word, and a second later
    /// whoever does.
    private boolean isTurn(Instant now) {
        return trickle.isOpen(now) && (told.awaiting(now) == 0 || trickle.isFull(now));
    }

    /// Whether work of `band` may be let in now.
    boolean letsIn(Band band, Instant now) {
        return !isSlow(band, now) || isTurn(now);
    }

    /// Of `low` spare tokens, those to ask for while others are there: about one request, when the next is
    /// due and none of low work `waits` here to be sent.
    long trickled(long low, boolean waits, Instant now) {
        return waits || !trickle.isOpen(now) ? 0 : Math.min(low, largestNeed == 0 ? low : largestNeed);
    }
}
