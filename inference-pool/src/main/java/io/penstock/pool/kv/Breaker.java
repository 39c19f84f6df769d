package io.penstock.pool.kv;

import java.time.Duration;
import java.time.Instant;

/// Keeps work from an engine that fails whatever it is given, so that it does not use up the attempts of
/// requests that others would answer.
///
/// After five failures in a row the engine gets nothing for a second; then one request finds out how it
/// is, and each further failure doubles the pause, up to a minute. An engine that refuses our access
/// (401, 403) gets nothing for 30 s at once: the fault is in no request. One success ends it all. Not
/// thread-safe; no clock of its own.
public final class Breaker {
    private static final int FAILURES = 5;
    private static final Duration PAUSE_FIRST = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX = Duration.ofMinutes(1);
    private static final Duration PAUSE_REFUSED = Duration.ofSeconds(30);

    private int failures;
    private Duration pause = Duration.ZERO;
    private Instant openUntil = Instant.MIN;

    /// The engine gave an answer, or said that it is full: it works.
    public void succeeded() {
        failures = 0;
        pause = Duration.ZERO;
        openUntil = Instant.MIN;
    }

    /// A run failed at the engine at `now`. Those that end while it is left alone teach nothing new.
    public void failed(Instant now) {
        failures++;
        if (failures >= FAILURES && !isOpen(now)) {
            Duration doubled = pause.multipliedBy(2);
            open(pause.isZero() ? PAUSE_FIRST : doubled.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : doubled, now);
        }
    }

    /// The engine refused our access at `now`.
    public void refusedUs(Instant now) {
        failures = FAILURES;
        open(PAUSE_REFUSED, now);
    }

    private void open(Duration next, Instant now) {
        pause = next;
        openUntil = now.plus(next);
    }

    /// True while the engine gets nothing.
    public boolean isOpen(Instant now) {
        return now.isBefore(openUntil);
    }

    /// True if the engine is not known to fail: neither left alone nor on probation.
    public boolean isClosed() {
        return pause.isZero();
    }

    /// True if a request may be sent at `now` while `running` of ours run there.
    public boolean admits(int running, Instant now) {
        return isClosed() || (!isOpen(now) && running == 0);
    }

    /// What is left of `gate` at `now`, `inFlight` requests of ours being at the engine or on their way.
    public Gate through(Gate gate, int inFlight, Instant now) {
        if (isClosed()) {
            return gate;
        }
        return isOpen(now) || inFlight > 0
                ? Gate.closed(Gate.Signal.FAILING)
                : new Gate(gate.spare(), Math.min(1, gate.sequences()), gate.signal());
    }
}
