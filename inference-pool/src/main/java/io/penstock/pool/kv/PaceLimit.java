package io.penstock.pool.kv;

import java.time.Duration;

/// How many requests of ours an engine may have that does not tell what its cache holds, learned from how fast it
/// answers: one more for each answer that came at least 1/`slowdown` as fast as the fastest, one less for each that did
/// not, as TCP Vegas goes by the round trip (Brakmo and Peterson, 1995).
///
/// An answer's pace is its output tokens over the time from sending to the end. Requests that are there with others'
/// slow each other down, so it finds the number at which an answer takes `slowdown` times as long as it can, whoever
/// else is there. It grows as answers come, so that no more than two prompts are sent for one. Not thread-safe.
final class PaceLimit {
    /// Shorter answers tell of the prompt and not of the pace.
    private static final int TOKENS_MIN = 16;

    /// The fastest is forgotten so slowly that thousands of answers in a row must be slower before it is.
    private static final double KEPT = 1 - 1.0 / 4096;

    private final int least;
    private final int most;
    private final double slowdown;
    private double best;
    private int limit;

    /// Between `least` and `most` requests; `slowdown` is 1 or more, and with 1 it is always `least`.
    PaceLimit(int least, int most, double slowdown) {
        this.least = Math.min(least, most);
        this.most = most;
        this.slowdown = slowdown;
        this.limit = this.least;
    }

    int limit() {
        return limit;
    }

    /// Begins anew, knowing what it knew of the fastest.
    void restart() {
        limit = least;
    }

    /// An answer of so many tokens has ended, while `sent` requests were there with it.
    void ended(long outputTokens, Duration took, int sent) {
        if (outputTokens < TOKENS_MIN || !took.isPositive()) {
            return;
        }
        double pace = outputTokens / (took.toNanos() / 1e9);
        best = Math.max(best * KEPT, pace);
        if (pace * slowdown < best) {
            limit = Math.max(least, limit - 1);
        } else if (sent >= limit && slowdown > 1) {
            limit = Math.min(most, limit + 1);
        }
    }
}
