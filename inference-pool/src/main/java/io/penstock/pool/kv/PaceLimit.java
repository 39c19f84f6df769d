package io.penstock.pool.kv;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How many requests of ours an engine may have that does not tell what its cache holds, learned from how fast it
/// answers: one more for every two that came at least 1/`slowdown` as fast as the fastest, one less for each that took
/// a quarter longer than that or more, as TCP Vegas goes by the round trip (Brakmo and Peterson, 1995).
///
/// An answer's pace is its output tokens over the time from sending to the end. Requests that are there with others'
/// slow each other down, so it finds the number at which an answer takes `slowdown` times as long as it can, whoever
/// else is there.
///
/// How fast it can answer is seen while it has few: in a probe, in which the limit is the least, until some answers
/// have come; one at the beginning and one when the last was ten minutes ago, as BBR drains its path to see the
/// round trip (Cardwell et al., 2016). In a pause, while others are there, the limit is the least as well. Not
/// thread-safe.
final class PaceLimit {
    /// Shorter answers tell of the prompt and not of the pace.
    private static final int TOKENS_MIN = 16;

    /// More requests for each answer that is fast enough: half as many again in the time that one takes, since
    /// what they do to the others is seen no sooner.
    private static final double MORE = 0.5;

    /// Answers that end a probe.
    private static final int PROBE = 8;

    /// Between enough and too slow nothing changes: what is sent in a row after a pause has many prompts beside it.
    private static final double SLACK = 1.25;

    /// An answer's place is empty for a tenth of a second or more, until a ticket has been asked for and has
    /// come: where answers take one, a tenth of the places.
    private static final double FULL = 0.75;

    private static final Duration PROBE_EVERY = Duration.ofMinutes(10);

    /// Weight of a probe that was slower than those before it: others whom nobody tells of may have been there.
    private static final double WEIGHT = 0.25;

    private final int least;
    private final int most;
    private final double slowdown;
    private double learned;
    private double fastest;
    private Phase phase = Phase.PAUSE;
    /// When the phase began: what was sent before tells nothing.
    private Instant since = Instant.MIN;
    private @Nullable Instant probedAt;
    private int probed;
    private double fastestProbed;
    /// When there were as many as there may be, since there may be as many; what was sent before had it easier.
    private @Nullable Instant filledAt;

    private enum Phase {
        PAUSE,
        PROBE,
        OPEN
    }

    /// Between `least` and `most` requests; `slowdown` is 1 or more, and with 1 it is always `least`.
    PaceLimit(int least, int most, double slowdown) {
        this.least = Math.min(least, most);
        this.most = most;
        this.slowdown = slowdown;
        this.learned = this.least;
    }

    int limit() {
        return switch (phase) {
            case PAUSE, PROBE -> least;
            case OPEN -> (int) learned;
        };
    }

    /// At `now` others are there, or the engine tells what its cache holds.
    void pause(Instant now) {
        enter(Phase.PAUSE, now);
    }

    /// At `now` no others are known to be there, and the engine does not tell.
    void resume(Instant now) {
        if (phase == Phase.PAUSE) {
            enter(isProbeDue(now) ? Phase.PROBE : Phase.OPEN, now);
        }
    }

    private void enter(Phase next, Instant now) {
        phase = next;
        since = now;
        probed = 0;
        fastestProbed = 0;
        filledAt = null;
    }

    private boolean isProbeDue(Instant now) {
        return probedAt == null || !now.isBefore(probedAt.plus(PROBE_EVERY));
    }

    /// With a request that is sent at `now` there are `sent`.
    void sent(int sent, Instant now) {
        if (phase == Phase.OPEN && filledAt == null && isFull(sent)) {
            filledAt = now;
        }
    }

    /// An answer of so many tokens has ended at `now`, while `sent` requests were there with it.
    void ended(long outputTokens, Instant sentAt, Instant now, int sent) {
        Duration took = Duration.between(sentAt, now);
        if (outputTokens < TOKENS_MIN || !took.isPositive() || !sentAt.isAfter(since)) {
            return;
        }
        double pace = outputTokens / (took.toNanos() / 1e9);
        switch (phase) {
            case PAUSE -> {}
            case PROBE -> probed(pace, now);
            case OPEN -> {
                learn(pace, filledAt != null && !sentAt.isBefore(filledAt) && isFull(sent));
                if (isProbeDue(now)) {
                    enter(Phase.PROBE, now);
                }
            }
        }
    }

    /// Whether `sent` are as many as may be, but for those whose place is being filled.
    private boolean isFull(int sent) {
        return sent >= FULL * limit();
    }

    private void probed(double pace, Instant now) {
        fastestProbed = Math.max(fastestProbed, pace);
        if (++probed >= PROBE) {
            fastest = Math.max(fastestProbed, fastest + WEIGHT * (fastestProbed - fastest));
            probedAt = now;
            enter(Phase.OPEN, now);
        }
    }

    private void learn(double pace, boolean full) {
        fastest = Math.max(fastest, pace);
        if (pace * slowdown * SLACK < fastest) {
            learned = Math.max(least, learned - 1);
        } else if (full && slowdown > 1 && pace * slowdown >= fastest) {
            learned = Math.min(most, learned + MORE);
        }
    }
}
