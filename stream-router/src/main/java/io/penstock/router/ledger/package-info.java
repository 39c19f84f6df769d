/// The ledger: owns every accepted, unfinished request of a pool and decides, purely, what becomes of
/// it.
///
/// Read `Ledger` first (what happens at an event), then `Lifecycle` (how a request moves), `Books`
/// (what is written down), `Dispatcher` (who gets it), and the sweepers (what time does).
/// `LedgerProcessor` is the Kafka shell.
@NullMarked
package io.penstock.router.ledger;

import org.jspecify.annotations.NullMarked;
