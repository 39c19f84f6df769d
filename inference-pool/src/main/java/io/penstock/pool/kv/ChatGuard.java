package io.penstock.pool.kv;

import io.penstock.pool.EngineLoad;
import io.penstock.topics.id.Band;
import java.time.Instant;

/// What an engine's others, chat above all, can stand of our work: the ceilings come down as they press,
/// and low work is let in slowly while they are there. Not thread-safe.
final class ChatGuard {
    private final ChatLimits limits;
    private final int waitingMax;
    private final Others others;
    private final CeilingSteps ceilings;
    private final TokenBucket trickle;
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
        others.observe(load, ours, at);
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
        if (!others.arePresent(now)) {
            return 0;
        }
        int waiting = known.waiting() == null ? 0 : Math.min(known.waiting().value(), others.count());
        int all = others.count() + ours;
        double share = known.kvUse() == null || all == 0 ? 0 : known.kvUse().value() * others.count() / all;
        return Math.max((double) waiting / waitingMax, share / limits.fullShare());
    }

    Ceilings ceilings() {
        return ceilings.ceilings();
    }

    boolean arePresent(Instant now) {
        return others.arePresent(now);
    }

    int count() {
        return others.count();
    }

    private boolean isSlow(Band band, Instant now) {
        return band == Band.LOW && others.arePresent(now);
    }

    /// Whether work of `band` may be let in now.
    boolean letsIn(Band band, Instant now) {
        return !isSlow(band, now) || trickle.isOpen(now);
    }

    /// Of `low` spare tokens, those to ask for while others are there: about one request, when the next is
    /// due and none of low work `waits` here to be sent.
    long trickled(long low, boolean waits, Instant now) {
        return waits || !trickle.isOpen(now) ? 0 : Math.min(low, largestNeed == 0 ? low : largestNeed);
    }
}
