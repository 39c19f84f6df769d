package io.penstock.topics.record;

import io.penstock.topics.id.TenantId;

/// A tenant's share of service: with twice the `weight` it gets twice the tokens while both have work
/// waiting. Above 0, at most 1,000; a tenant without a record has 1.
public record Tenant(TenantId name, double weight) {
    /// The weight of tenants that have no record.
    public static final double DEFAULT_WEIGHT = 1;

    public Tenant {
        if (!(weight > 0 && weight <= 1000)) {
            throw new IllegalArgumentException(
                    "weight of tenant " + name + " must be above 0 and at most 1000, but was " + weight);
        }
    }
}
