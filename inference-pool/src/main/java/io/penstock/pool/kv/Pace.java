package io.penstock.pool.kv;

import java.time.Duration;

/// How fast an engine writes one answer, learned from those that ended: tokens a second from sending to
/// the end, waiting and prompt included, so rather too slow than too fast; and how long one takes.
final class Pace {
    /// The longest an engine's step is taken to be, and what it is taken to be until an answer has ended.
    private static final Duration STEP_MAX = Duration.ofMillis(75);

    /// What an answer is taken to need until one has ended.
    private static final Duration FLIGHT = Duration.ofSeconds(10);

    private final MovingMean tokensPerSecond = new MovingMean();
    private final MovingMean flightNanos = new MovingMean();

    /// 0 until an answer has ended.
    double tokensPerSecond() {
        return tokensPerSecond.value();
    }

    /// How long a step of the engine takes, a token of each answer being written in one: rather too long.
    Duration step() {
        double pace = tokensPerSecond.value();
        Duration step = pace == 0 ? STEP_MAX : Duration.ofNanos((long) (1e9 / pace));
        return step.compareTo(STEP_MAX) < 0 ? step : STEP_MAX;
    }

    /// How long a request is at the engine, on the average.
    Duration flight() {
        return flightNanos.value() == 0 ? FLIGHT : Duration.ofNanos((long) flightNanos.value());
    }

    void ended(long outputTokens, Duration took) {
        if (outputTokens > 0 && took.isPositive()) {
            tokensPerSecond.add(outputTokens / (took.toNanos() / 1e9));
            flightNanos.add((double) took.toNanos());
        }
    }
}
