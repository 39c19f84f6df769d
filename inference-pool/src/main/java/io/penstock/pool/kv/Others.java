package io.penstock.pool.kv;

import io.penstock.pool.EngineLoad;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;

/// What runs and waits at an engine that is not ours: interactive calls above all.
///
/// An account counts all requests; those of ours that it can hold are taken off. What of ours ended
/// about then is taken off as well, and one account alone proves nothing, so that an end is not taken
/// for a stranger. An account that does not tell what runs says nothing of them.
final class Others {
    /// The gauges tell of the last step that is done, and the end of a request is known here a little later.
    private static final int STEPS = 4;

    /// Ends are remembered for so long, and so many of them: an account comes 2 s after its question at most.
    private static final Duration ENDED_KEPT = Duration.ofSeconds(3);
    private static final int ENDED_MAX = 4096;

    private final Duration linger;
    private final Pace pace;
    private final ArrayDeque<Instant> ended = new ArrayDeque<>();
    private Instant lastSeen = Instant.MIN;
    private int running;

    Others(Duration linger, Pace pace) {
        this.linger = linger;
        this.pace = pace;
    }

    /// One of ours that had been sent has ended.
    void ended(Instant at) {
        ended.addLast(at);
        if (ended.size() > ENDED_MAX) {
            ended.removeFirst();
        }
    }

    /// Forgets what no account to come can be about; to be called often.
    void forget(Instant now) {
        forgetBefore(now.minus(ENDED_KEPT));
    }

    private void forgetBefore(Instant moment) {
        while (!ended.isEmpty() && ended.peekFirst().isBefore(moment)) {
            ended.removeFirst();
        }
    }

    /// Takes note of an account of `at` while `ours` requests of ours are sent and have not ended.
    void observe(EngineLoad load, int ours, Instant at) {
        if (load.running().isEmpty()) {
            return;
        }
        forgetBefore(at.minus(pace.step().multipliedBy(STEPS)));
        int before = running;
        int there = load.running().getAsInt() + load.waiting().orElse(0);
        running = Math.max(0, there - ours - ended.size());
        if (running > 0 && before > 0) {
            lastSeen = at;
        }
    }

    /// What the engine tells is not to be believed; whoever was seen lingers.
    void knowNothing() {
        running = 0;
    }

    /// Requests of others as of the last account, rather too few than too many.
    int count() {
        return running;
    }

    /// Ends of ours that are remembered.
    int endsKept() {
        return ended.size();
    }

    /// True while others use the engine.
    boolean arePresent(Instant now) {
        return lastSeen.isAfter(Instant.MIN) && lastSeen.plus(linger).isAfter(now);
    }
}
