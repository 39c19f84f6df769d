package io.penstock.router.ledger.lane;

import io.penstock.topics.id.TenantId;

/// The tenants' weights at this moment.
@FunctionalInterface
public interface Weights {
    /// Everyone counts the same.
    Weights EQUAL = tenant -> 1;

    /// The weight of `tenant`, above 0.
    double of(TenantId tenant);
}
