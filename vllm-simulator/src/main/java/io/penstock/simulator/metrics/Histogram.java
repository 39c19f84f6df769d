package io.penstock.simulator.metrics;

/// Observations in cumulative buckets, as Prometheus wants them. Not thread-safe; the owner guards it.
final class Histogram {
    private final double[] bounds;
    private final long[] counts;
    private double sum;
    private long count;

    Histogram(double... bounds) {
        this.bounds = bounds.clone();
        this.counts = new long[bounds.length];
    }

    void observe(double value) {
        sum += value;
        count++;
        for (int i = bounds.length - 1; i >= 0 && value <= bounds[i]; i--) {
            counts[i]++;
        }
    }

    void render(MetricsPage page, String name, String help) {
        page.head(name, "histogram", help);
        for (int i = 0; i < bounds.length; i++) {
            page.sample(name + "_bucket", "le", Double.toString(bounds[i]), counts[i]);
        }
        page.sample(name + "_bucket", "le", "+Inf", count);
        page.sample(name + "_count", count);
        page.sample(name + "_sum", sum);
    }
}
