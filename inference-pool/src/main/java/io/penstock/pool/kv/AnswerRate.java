package io.penstock.pool.kv;

import java.time.Duration;

/// How fast an engine computes prompts of ours by its answers alone, where no account shows prompts: those that are
/// there at a time, over the time that an answer takes (Little, 1961), in prompt tokens. The most that was seen, and
/// less once it is less while as many are there as may be. Rather too slow: writing takes its time as well, and
/// so does an answer that took longer than most. Not thread-safe.
final class AnswerRate {
    /// Weight of a new sample that is less.
    private static final double WEIGHT = 1.0 / 16;

    private final MovingMean meanTokens = new MovingMean();
    private final MovingMean meanSeconds = new MovingMean();
    private double tokensPerSecond;

    /// 0 until an answer has ended.
    double tokensPerSecond() {
        return tokensPerSecond;
    }

    /// A request has been answered in the time it `took`, while `sent` were there with it, which were as many as may
    /// be if it was `full`.
    void ended(long promptTokens, Duration took, int sent, boolean full) {
        if (!took.isPositive()) {
            return;
        }
        double seconds = took.toNanos() / 1e9;
        meanTokens.add((double) promptTokens);
        meanSeconds.add(seconds);
        double sample = sent * meanTokens.value() / Math.max(meanSeconds.value(), seconds);
        if (sample > tokensPerSecond) {
            tokensPerSecond = sample;
        } else if (full) {
            tokensPerSecond += WEIGHT * (sample - tokensPerSecond);
        }
    }
}
