package io.penstock.router.ledger.lane;

import io.penstock.topics.id.ModelName;

/// What a tenant was charged when a request of it was given out, in the lane it was given out from, until
/// it is known what the request took: the estimate counts at once, or a tenant could take all there is before the
/// first of its requests is answered.
///
/// A command that moves the request's batch meanwhile does not move the charge: it was that lane's turn. The
/// weight is the tenant's at that time, so that what is given back is what was charged.
///
/// @param model what it runs as
/// @param spell which of the flow's spells of being ready it was in
/// @param tokens the request's estimated share of service
public record Charge(Lane lane, Flow flow, ModelName model, int spell, long tokens, double weight) {
    /// It comes back, or ends, with nothing done for its tenant.
    public void giveBack() {
        lane.adjust(this, -tokens);
    }

    /// It took `actual` tokens.
    public void settle(long actual) {
        lane.adjust(this, actual - tokens);
    }
}
