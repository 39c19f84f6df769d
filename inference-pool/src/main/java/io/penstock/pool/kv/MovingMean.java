package io.penstock.pool.kv;

/// A mean in which the latest samples count most, each 1/16 of what is left by those after it; the first one counts as
/// it is. 0 until there is one. Not thread-safe.
final class MovingMean {
    private static final double WEIGHT = 1.0 / 16;

    private double value;

    double value() {
        return value;
    }

    void add(double sample) {
        value = value == 0 ? sample : value + WEIGHT * (sample - value);
    }
}
