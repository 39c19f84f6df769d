package io.penstock.ingest;

import io.penstock.service.MetricDef;
import java.util.List;

/// The API's metric catalogue.
public enum IngestMetric implements MetricDef {
    CALLS(
            "penstock.ingest.calls",
            Type.COUNTER,
            List.of("model", "status"),
            "Interactive calls answered by an engine, by status."),
    CALLS_ABANDONED(
            "penstock.ingest.calls.abandoned",
            Type.COUNTER,
            List.of("model"),
            "Interactive calls whose client left before the answer was complete."),
    FIRST_ANSWER(
            "penstock.ingest.first.answer.seconds",
            Type.TIMER,
            List.of("model"),
            "From an interactive call's body to the first byte of its answer."),
    BATCHES("penstock.ingest.batches.submitted", Type.COUNTER, List.of("endpoint"), "Batches accepted."),
    ENDPOINTS_KNOWN(
            "penstock.ingest.discovery.endpoints",
            Type.GAUGE,
            List.of("source"),
            "Endpoints that are known from an entry of `engines`; `static` stands for all that are named."),
    ENDPOINTS_READY(
            "penstock.ingest.discovery.endpoints.ready",
            Type.GAUGE,
            List.of("source"),
            "Those of them that take calls."),
    ENDPOINTS_REFUSED(
            "penstock.ingest.discovery.endpoints.refused",
            Type.GAUGE,
            List.of("source"),
            "Endpoints of the entry that are left out: there are more than `discovery.endpoints.max`."),
    DISCOVERY_FAILURES(
            "penstock.ingest.discovery.failures",
            Type.COUNTER,
            List.of("source"),
            "Times engines could not be looked for; what was known stayed.");

    private final String metricName;
    private final Type type;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> labels;

    private final String help;

    IngestMetric(String metricName, Type type, List<String> labels, String help) {
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
