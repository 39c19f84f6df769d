package io.penstock.pool.kv;

import java.time.Duration;

/// How fast an engine writes one answer, learned from those that ended: tokens a second from sending to
/// the end, waiting and prompt included, so rather too slow than too fast; and how long one takes.
final class Pace {
    /// Weight of a new sample.
    private static final double WEIGHT = 1.0 / 16;

    /// The longest an engine's step is taken to be, and what it is taken to be until an answer has ended.
    private static final Duration STEP_MAX = Duration.ofMillis(75);

    /// What an answer is taken to need until one has ended.
    private static final Duration FLIGHT = Duration.ofSeconds(10);

    private double tokensPerSecond;
    private double flightNanos;

    /// 0 until an answer has ended.
    double tokensPerSecond() {
        return tokensPerSecond;
    }

    /// How long a step of the engine takes, a token of each answer being written in one: rather too long.
    Duration step() {
        Duration step = tokensPerSecond == 0 ? STEP_MAX : Duration.ofNanos((long) (1e9 / tokensPerSecond));
        return step.compareTo(STEP_MAX) < 0 ? step : STEP_MAX;
    }

    /// How long a request is at the engine, on the average.
    Duration flight() {
        return flightNanos == 0 ? FLIGHT : Duration.ofNanos((long) flightNanos);
    }

    void ended(long outputTokens, Duration took) {
        if (outputTokens > 0 && took.isPositive()) {
            tokensPerSecond = mean(tokensPerSecond, outputTokens / (took.toNanos() / 1e9));
            flightNanos = mean(flightNanos, (double) took.toNanos());
        }
    }

    private static double mean(double before, double sample) {
        return before == 0 ? sample : before + WEIGHT * (sample - before);
    }
}
