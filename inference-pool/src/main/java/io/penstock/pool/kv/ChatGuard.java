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
    private final PromptPacing prompts;
    private final TokenBucket slow = new TokenBucket(this::tokensPerSecond);
    private final ToldCalls told = new ToldCalls();
    private long largestNeed;

    /// `prompts` knows how fast the engine computes what it is sent.
    ChatGuard(GatePolicy policy, Pace pace, PromptPacing prompts) {
        this.limits = policy.chat();
        this.waitingMax = Math.max(1, policy.limits().waitingMax());
        this.others = new Others(limits.linger(), pace);
        this.ceilings = new CeilingSteps(policy.ceilings(), limits.ceilings(), limits.linger());
        this.prompts = prompts;
    }

    void booked(Booking booking) {
        long need = booking.need().kvTokens();
        largestNeed = Math.max(need, largestNeed - largestNeed / 64);
    }

    void sent(Booking booking, Instant now) {
        if (isSlow(booking.band(), now)) {
            slow.take(booking.need().kvTokens(), now);
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
            slow.empty(now);
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

    /// The share of the engine's speed that low work has.
    double lowShare(Instant now) {
        return limits.low().share(count(now));
    }

    private double tokensPerSecond(Instant now) {
        return limits.low().beside(count(now), prompts.tokensPerSecond());
    }

    private boolean isSlow(Band band, Instant now) {
        return band == Band.LOW && arePresent(now);
    }

    /// Whether it is low work's turn: once one is due, when no call awaits its first word, and a second later
    /// whoever does.
    private boolean isTurn(Instant now) {
        return slow.isOpen(now) && (told.awaiting(now) == 0 || slow.isFull(now));
    }

    /// Whether work of `band` may be let in now.
    boolean letsIn(Band band, Instant now) {
        return !isSlow(band, now) || isTurn(now);
    }

    /// Of `low` spare tokens, those to ask for while others are there: of what goes in a quarter of a second, or of one
    /// request if that is more, what does not wait here already, `parked` tokens of low work.
    long slowed(long low, long parked, Instant now) {
        if (!slow.isOpen(now)) {
            return 0;
        }
        long ahead = Math.max(largestNeed, (long) (tokensPerSecond(now) / 4));
        return largestNeed == 0 ? low : Math.clamp(ahead - parked, 0, low);
    }
}
