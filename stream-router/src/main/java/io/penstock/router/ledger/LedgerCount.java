package io.penstock.router.ledger;

/// What the ledger counts.
public enum LedgerCount {
    /// Requests accepted into the ledger.
    ADMITTED,
    /// Admissions of a request already known, dropped.
    DUPLICATE_ADMISSIONS,
    /// Outcomes of requests that had already ended, dropped.
    LATE_OUTCOMES,
    /// Failures and returns reported of an assignment that is no longer the running one, dropped.
    SUPERSEDED_OUTCOMES,
    /// Pulls older than one already seen, or of a retired incarnation, dropped.
    STALE_PULLS,
    /// Pulls naming a partition that `work` does not have, dropped.
    INVALID_PULLS,
    /// Tickets issued.
    ASSIGNMENTS,
    /// Tickets issued for a request that had one before.
    REASSIGNMENTS,
    /// Tickets issued to a lower band although an upper one had work: its minimum share.
    MINIMUM_SHARE_ASSIGNMENTS,
    /// Requests that failed on every attempt.
    EXHAUSTED,
    /// Requests given to an idle puller although they are larger than its spare.
    OVERSIZED_ASSIGNMENTS,
    /// Pullers that fell silent while holding tickets.
    LEASES_EXPIRED,
    /// Results written.
    RESULTS,
}
