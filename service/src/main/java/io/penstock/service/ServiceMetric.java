package io.penstock.service;

import java.util.List;

/// What every program shows of itself.
public enum ServiceMetric implements MetricDef {
    READY("penstock.ready", Type.GAUGE, List.of("check"), "1 while a check of readiness is up, else 0.");

    private final String metricName;
    private final Type type;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> labels;

    private final String help;

    ServiceMetric(String metricName, Type type, List<String> labels, String help) {
        this.metricName = metricName;
        this.type = type;
        this.labels = labels;
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
    public List<String> labels() {
        return labels;
    }

    @Override
    public String help() {
        return help;
    }
}
