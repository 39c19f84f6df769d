package io.penstock.pool.kv;

import java.util.Arrays;

/// The last 128 figures of one kind, and their quantiles.
final class Ratios {
    private static final int KEPT = 128;

    private final double[] kept = new double[KEPT];
    private int next;
    private int count;
    private double[] sorted = {};

    void add(double ratio) {
        kept[next] = ratio;
        next = (next + 1) % KEPT;
        count = Math.min(KEPT, count + 1);
        sorted = new double[0];
    }

    int count() {
        return count;
    }

    /// The nearest-rank quantile of the figures kept, of which there must be one.
    double quantile(double rank) {
        if (sorted.length == 0) {
            sorted = Arrays.copyOf(kept, count);
            Arrays.sort(sorted);
        }
        return sorted[Math.max(0, (int) Math.ceil(rank * count) - 1)];
    }
}
