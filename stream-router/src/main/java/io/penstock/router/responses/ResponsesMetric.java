package io.penstock.router.responses;

import io.penstock.service.MetricDef;
import java.util.List;

/// The metrics of responses. A transaction that is aborted and done again counts twice.
public enum ResponsesMetric implements MetricDef {
    ENDED(
            "penstock_responses_ended",
            "Requests answered later that ended, by their last status; deleted counts those removed.",
            "status");

    private final String metricName;
    private final String help;
    private final String label;

    ResponsesMetric(String metricName, String help, String label) {
        this.metricName = metricName;
        this.help = help;
        this.label = label;
    }

    @Override
    public String metricName() {
        return metricName;
    }

    @Override
    public Type type() {
        return Type.COUNTER;
    }

    @Override
    public List<String> labels() {
        return List.of(label);
    }

    @Override
    public String help() {
        return help;
    }
}
