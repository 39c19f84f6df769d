package io.penstock.worker;

import io.penstock.service.MetricDef;
import java.util.List;

/// The worker's metric catalogue.
public enum WorkerMetric implements MetricDef {
    TICKETS("penstock.worker.tickets", Type.COUNTER, List.of("endpoint"), "Tickets received."),
    OUTCOMES(
            "penstock.worker.outcomes", Type.COUNTER, List.of("endpoint", "verdict"), "Outcomes reported, by verdict."),
    PULLS(
            "penstock.worker.pulls",
            Type.COUNTER,
            List.of("endpoint"),
            "Pulls published on their own; each outcome carries one more."),
    IN_FLIGHT(
            "penstock.worker.in.flight",
            Type.GAUGE,
            List.of("endpoint"),
            "Requests running at the endpoint for this worker."),
    SPARE("penstock.worker.spare.tokens", Type.GAUGE, List.of("endpoint", "band"), "KV tokens a band may still book."),
    KV_USE(
            "penstock.worker.kv.use.ratio",
            Type.GAUGE,
            List.of("endpoint"),
            "KV cache in use by the endpoint's own account, 0 to 1; NaN if it does not tell."),
    READY("penstock.worker.endpoint.ready", Type.GAUGE, List.of("endpoint"), "1 if the endpoint takes calls, else 0."),
    GATE_SIGNAL(
            "penstock.worker.gate.signal",
            Type.GAUGE,
            List.of("endpoint", "signal"),
            "1 for the signal that decides the gate now, else 0."),
    BOOKED(
            "penstock.worker.booked.tokens",
            Type.GAUGE,
            List.of("endpoint"),
            "KV tokens booked: in use, under way and still to come; NaN if the cache is unknown."),
    CEILING(
            "penstock.worker.ceiling.ratio",
            Type.GAUGE,
            List.of("endpoint", "band"),
            "Share of the KV cache a band may fill now, 0 to 1."),
    REACTIVE_LIMIT(
            "penstock.worker.reactive.limit",
            Type.GAUGE,
            List.of("endpoint"),
            "Requests of ours the engine was seen to bear."),
    UNKNOWN_LIMIT(
            "penstock.worker.unknown.limit",
            Type.GAUGE,
            List.of("endpoint"),
            "Requests of ours the engine may have while it does not tell what its cache holds and others may be in"
                    + " it."),
    PROMPT_RATE(
            "penstock.worker.prompt.rate",
            Type.GAUGE,
            List.of("endpoint"),
            "Prompt tokens of ours the engine was seen to compute in a second; 0 until it is known."),
    REACTIVE_CUTS(
            "penstock.worker.reactive.cuts",
            Type.COUNTER,
            List.of("endpoint"),
            "Times the reactive limit was lowered because the engine refused a request."),
    OTHERS(
            "penstock.worker.others",
            Type.GAUGE,
            List.of("endpoint"),
            "Requests of others (chat) at the endpoint, as far as its own account shows."),
    PARKED("penstock.worker.parked", Type.GAUGE, List.of("endpoint"), "Tickets that wait at the worker to be sent."),
    GIVEN_BACK(
            "penstock.worker.given.back",
            Type.COUNTER,
            List.of("endpoint", "reason"),
            "Tickets that went back to the ledger without an attempt, by reason."),
    ABORTED(
            "penstock.worker.aborted",
            Type.COUNTER,
            List.of("endpoint", "reason"),
            "Running requests aborted at the engine: because `chat` waited, or because the `ledger` no longer wanted"
                    + " them."),
    LOST_TOKENS(
            "penstock.worker.aborted.tokens",
            Type.COUNTER,
            List.of("endpoint"),
            "Output tokens made by runs aborted for chat, as far as they are known; those of resumable requests are"
                    + " taken over by the next run."),
    CLOSED(
            "penstock.worker.gate.closed",
            Type.COUNTER,
            List.of("endpoint", "band", "signal"),
            "Seconds for which the gate was closed to a band, by what closed it."),
    ACCOUNT_AGE(
            "penstock.worker.account.age",
            Type.GAUGE,
            List.of("endpoint"),
            "Seconds since the engine last told its load; NaN if it never did."),
    ACCOUNTS(
            "penstock.worker.accounts",
            Type.COUNTER,
            List.of("endpoint", "source"),
            "Times the engine told its load: by the `page` of its metrics, or with an `answer` (engine.load.headers)."),
    CAPACITY(
            "penstock.worker.kv.capacity.tokens",
            Type.GAUGE,
            List.of("endpoint"),
            "Size of the engine's KV cache; times the use it is what is really held, against what is booked. NaN if it"
                    + " does not tell."),
    EXPECTED_TOKENS(
            "penstock.worker.tokens.expected",
            Type.COUNTER,
            List.of("endpoint"),
            "KV tokens that answered requests were expected to need."),
    REAL_TOKENS(
            "penstock.worker.tokens.real",
            Type.COUNTER,
            List.of("endpoint"),
            "KV tokens that they needed; over the expected ones, the estimator's error."),
    ESTIMATE_RATIO(
            "penstock.worker.estimate.ratio",
            Type.SUMMARY,
            List.of("endpoint"),
            "KV tokens that an answered request needed over those it was expected to need; 1 is a perfect estimate."),
    RECLAIMED_TOKENS(
            "penstock.worker.tokens.reclaimed",
            Type.COUNTER,
            List.of("endpoint", "band"),
            "Tokens computed and written for queued work: capacity that would have been idle."),
    RESUMED(
            "penstock.worker.resumed.runs",
            Type.COUNTER,
            List.of("endpoint"),
            "Runs that went on from the text an earlier run had left."),
    KEPT_TOKENS(
            "penstock.worker.resumed.tokens",
            Type.COUNTER,
            List.of("endpoint"),
            "Output tokens such runs took over, which were not generated again."),
    RUN_TIME(
            "penstock.worker.run.seconds",
            Type.TIMER,
            List.of("endpoint"),
            "From sending a ticket's request to its outcome."),
    ENDPOINTS_KNOWN(
            "penstock.worker.discovery.endpoints",
            Type.GAUGE,
            List.of("source"),
            "Endpoints that are known from an entry of `engines`; `static` stands for all that are named."),
    ENDPOINTS_READY(
            "penstock.worker.discovery.endpoints.ready",
            Type.GAUGE,
            List.of("source"),
            "Those of them that take calls."),
    ENDPOINTS_REFUSED(
            "penstock.worker.discovery.endpoints.refused",
            Type.GAUGE,
            List.of("source"),
            "Endpoints of the entry that are left out: there are more than `discovery.endpoints.max`."),
    DISCOVERY_FAILURES(
            "penstock.worker.discovery.failures",
            Type.COUNTER,
            List.of("source"),
            "Times engines could not be looked for; what was known stayed.");

    private final String metricName;
    private final Type type;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> labels;

    private final String help;

    WorkerMetric(String metricName, Type type, List<String> labels, String help) {
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
    public String unit() {
        return this == CLOSED || this == ACCOUNT_AGE ? "seconds" : "";
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
