package io.penstock.ingest.hold;

import io.penstock.topics.id.TenantId;

/// Whose turn a call takes: its tenant's, and within that its fairness id's. A client that makes up ids
/// takes turns from its own tenant alone.
public record Flow(TenantId tenant, String fairnessId) {
    /// The fairness id of calls that name none.
    public static final String DEFAULT = "default-flow";
}
