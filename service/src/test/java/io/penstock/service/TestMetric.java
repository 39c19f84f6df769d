package io.penstock.service;

import java.util.List;

/// One metric of each kind.
enum TestMetric implements MetricDef {
    HITS("test.hits", Type.COUNTER, "", "who", "Hits."),
    SIZE("test.size", Type.GAUGE, "bytes", "", "Size, in bytes."),
    TIME("test.time", Type.TIMER, "", "", "Time, in seconds."),
    SPREAD("test.spread", Type.SUMMARY, "tokens", "", "Spread, in tokens.");

    private final String metricName;
    private final Type type;
    private final String unit;
    private final String label;
    private final String help;

    TestMetric(String metricName, Type type, String unit, String label, String help) {
        this.metricName = metricName;
        this.type = type;
        this.unit = unit;
        this.label = label;
        this.help = help;
    }

    @Override
    public String metricName() {
        return metricName;
    }

    @Override
    public Type type() {
        return type;
    }

    @Override
    public String unit() {
        return unit;
    }

    @Override
    public List<String> labels() {
        return label.isEmpty() ? List.of() : List.of(label);
    }

    @Override
    public String help() {
        return help;
    }
}
