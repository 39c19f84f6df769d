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
    PICKS(
            "penstock.ingest.picks",
            Type.COUNTER,
            List.of("outcome"),
            "Where interactive calls went when they came or when they had waited: placed, saturated, none_ready or"
                    + " unknown_model."),
    PREFIX_SHARE(
            "penstock.ingest.prefix.share",
            Type.SUMMARY,
            List.of(),
            "Of each placed prompt of 64 bytes or more, the share that its endpoint was sent before, 0 to 1."),
    LOAD_TOLD(
            "penstock.ingest.load.told",
            Type.COUNTER,
            List.of("outcome"),
            "What workers were told of the interactive calls at an endpoint: written, or lost while Kafka was away."),
    HELD("penstock.ingest.held", Type.GAUGE, List.of("band"), "Interactive calls that wait for an endpoint."),
    HELD_BYTES("penstock.ingest.held.body", Type.GAUGE, List.of("band"), "Their bodies.") {
        @Override
        public String unit() {
            return "bytes";
        }
    },
    HOLD_TIME(
            "penstock.ingest.hold.seconds",
            Type.TIMER,
            List.of("band"),
            "How long interactive calls waited that were sent in the end; those that did not wait are left out."),
    DROPPED(
            "penstock.ingest.dropped",
            Type.COUNTER,
            List.of("reason", "band"),
            "Interactive calls that were not served, by x-llm-d-request-dropped-reason."),
    LIVE("penstock.ingest.live", Type.GAUGE, List.of(), "Open answers that follow a batch: its results or events."),
    ASYNC(
            "penstock.ingest.async.submitted",
            Type.COUNTER,
            List.of("endpoint"),
            "Requests accepted to be answered later: background responses, and calls with Prefer: respond-async."),
    ASYNC_KEPT(
            "penstock.ingest.async.kept",
            Type.GAUGE,
            List.of(),
            "Requests to be answered later that are kept, finished ones included; async.kept.max bounds them."),
    BATCHES("penstock.ingest.batches.submitted", Type.COUNTER, List.of("endpoint"), "Batches accepted."),
    WEBHOOK_EVENTS(
            "penstock.ingest.webhook.events",
            Type.COUNTER,
            List.of("type"),
            "Events that at least one endpoint wants."),
    WEBHOOK_ATTEMPTS(
            "penstock.ingest.webhook.attempts",
            Type.TIMER,
            List.of("answer"),
            "Attempts to deliver an event, by the class of the answer: 2xx to 5xx, or none."),
    WEBHOOK_ENDED(
            "penstock.ingest.webhook.deliveries.ended",
            Type.COUNTER,
            List.of("end"),
            "Deliveries that ended: delivered, failed, disabled (the endpoint is switched off), deleted."),
    WEBHOOK_PENDING(
            "penstock.ingest.webhook.deliveries.pending",
            Type.GAUGE,
            List.of(),
            "Deliveries that wait in this process."),
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
