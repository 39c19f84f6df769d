package io.penstock.router;

import io.penstock.router.ledger.LedgerCount;
import io.penstock.service.MetricDef;
import java.util.List;

/// The ledger's metrics.
public enum RouterMetric implements MetricDef {
    ADMITTED("penstock_ledger_admitted", "Requests accepted into the ledger."),
    DUPLICATE_ADMISSIONS("penstock_ledger_duplicate_admissions", "Admissions of a request already known, dropped."),
    LATE_OUTCOMES("penstock_ledger_late_outcomes", "Outcomes of requests that had already ended, dropped."),
    SUPERSEDED_OUTCOMES("penstock_ledger_superseded_outcomes", "Failures and returns of a past assignment, dropped."),
    STALE_PULLS("penstock_ledger_stale_pulls", "Pulls older than one already seen, or of a retired worker, dropped."),
    INVALID_PULLS(
            "penstock_ledger_invalid_pulls", "Pulls naming a partition that the work topic does not have, dropped."),
    ASSIGNMENTS("penstock_ledger_assignments", "Tickets issued to workers."),
    REASSIGNMENTS("penstock_ledger_reassignments", "Tickets issued for a request that had one before."),
    MINIMUM_SHARE_ASSIGNMENTS(
            "penstock_ledger_minimum_share_assignments",
            "Tickets issued to a lower band although an upper one had work: its minimum share."),
    EXHAUSTED("penstock_ledger_exhausted", "Requests that failed on every attempt."),
    OVERSIZED_ASSIGNMENTS(
            "penstock_ledger_oversized_assignments",
            "Requests given to an idle worker although larger than its spare."),
    LEASES_EXPIRED("penstock_ledger_leases_expired", "Workers that fell silent."),
    RESULTS("penstock_ledger_results", "Results written."),
    LANE_DEPTH(Type.GAUGE, "penstock_lane_depth", "Requests waiting in a lane."),
    LANE_COST(Type.GAUGE, "penstock_lane_pending_cost", "Fair-share tokens (prompt + 2 x output) waiting in a lane."),
    LANE_RUNNING(Type.GAUGE, "penstock_lane_running", "Requests of a lane that workers hold."),
    LANE_RATE(Type.GAUGE, "penstock_lane_cost_per_second", "Fair-share tokens of a lane that end per second."),
    LANE_AT_RISK(Type.GAUGE, "penstock_lane_at_risk", "Waiting requests expected to miss their deadline at this rate."),
    LANE_OLDEST(Type.GAUGE, "penstock_lane_oldest_seconds", "Age of a lane's oldest waiting request, in seconds.");

    private final Type type;
    private final String metricName;
    private final String help;

    RouterMetric(String metricName, String help) {
        this(Type.COUNTER, metricName, help);
    }

    RouterMetric(Type type, String metricName, String help) {
        this.type = type;
        this.metricName = metricName;
        this.help = help;
    }

    /// The metric of a ledger's count.
    static RouterMetric of(LedgerCount count) {
        return switch (count) {
            case ADMITTED -> ADMITTED;
            case DUPLICATE_ADMISSIONS -> DUPLICATE_ADMISSIONS;
            case LATE_OUTCOMES -> LATE_OUTCOMES;
            case SUPERSEDED_OUTCOMES -> SUPERSEDED_OUTCOMES;
            case STALE_PULLS -> STALE_PULLS;
            case INVALID_PULLS -> INVALID_PULLS;
            case ASSIGNMENTS -> ASSIGNMENTS;
            case REASSIGNMENTS -> REASSIGNMENTS;
            case MINIMUM_SHARE_ASSIGNMENTS -> MINIMUM_SHARE_ASSIGNMENTS;
            case EXHAUSTED -> EXHAUSTED;
            case OVERSIZED_ASSIGNMENTS -> OVERSIZED_ASSIGNMENTS;
            case LEASES_EXPIRED -> LEASES_EXPIRED;
            case RESULTS -> RESULTS;
        };
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
        return type == Type.GAUGE ? List.of("pool", "band") : List.of();
    }

    @Override
    public String help() {
        return help;
    }
}
