/// Which request is next: the lanes of a pool and the fair order in them.
///
/// A *lane* is what is pending in one (pool, band). In it, every tenant is a *flow*; a flow's pending
/// requests lie in *backlogs*, one for each batch and model. `FairShare` picks: between bands, between
/// flows, and inside a flow.
@NullMarked
package io.penstock.router.ledger.lane;

import org.jspecify.annotations.NullMarked;
