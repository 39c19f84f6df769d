package io.penstock.pool.kv;

import io.penstock.pool.EngineLoad;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;

/// What runs and waits at an engine that is not ours: interactive calls above all.
///
/// An account counts all requests; those of ours that it can hold are taken off. What of ours ended
/// about then is taken off as well, and one account alone proves nothing, so that an end is not taken
/// for a stranger.
final class Others {
    /// The gauges tell of the last step that is done, and the end of a request is known here a little later.
    private static final int STEPS = 4;

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
    }

    /// Takes note of an account while `ours` requests of ours are sent and have not ended.
    void observe(EngineLoad load, int ours) {
        while (!ended.isEmpty()
                && ended.peekFirst().plus(pace.step().multipliedBy(STEPS)).isBefore(load.takenAt())) {
            ended.removeFirst();
        }
        int before = running;
        running = Math.max(0, load.running() + load.waiting() - ours - ended.size());
        if (running > 0 && before > 0) {
            lastSeen = load.takenAt();
        }
    }

    /// Requests of others as of the last account, rather too few than too many.
    int count() {
        return running;
    }

    /// True while others use the engine.
    boolean arePresent(Instant now) {
        return lastSeen.isAfter(Instant.MIN) && lastSeen.plus(linger).isAfter(now);
    }
}
