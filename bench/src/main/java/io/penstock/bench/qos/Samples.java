package io.penstock.bench.qos;

import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Measured figures, gathered by many threads, and their order statistics.
final class Samples {
    private final ConcurrentLinkedQueue<Double> values = new ConcurrentLinkedQueue<>();

    void add(double value) {
        values.add(value);
    }

    int count() {
        return values.size();
    }

    /// The nearest-rank percentile, NaN without a sample.
    double percentile(double rank) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[Math.max(0, (int) Math.ceil(rank * sorted.length) - 1)];
    }
}
