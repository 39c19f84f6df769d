package io.penstock.standalone.demo;

import java.time.Duration;
import java.util.List;

/// Order statistics of measured durations.
public record Percentiles(Duration p50, Duration p95, int samples) {
    /// Nearest-rank percentiles; zero without a sample.
    public static Percentiles of(List<Duration> measured) {
        List<Duration> sorted = measured.stream().sorted().toList();
        return new Percentiles(at(sorted, 0.50), at(sorted, 0.95), sorted.size());
    }

    private static Duration at(List<Duration> sorted, double rank) {
        return sorted.isEmpty() ? Duration.ZERO : sorted.get((int) Math.ceil(rank * sorted.size()) - 1);
    }
}
