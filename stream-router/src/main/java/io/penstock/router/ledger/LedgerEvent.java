package io.penstock.router.ledger;

import io.penstock.topics.record.Admission;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Outcome;
import io.penstock.topics.record.Pull;

/// What reaches the ledger.
public sealed interface LedgerEvent {
    /// A tagged request, or one the tag step had to reject. `position` is its offset in `admitted`: its
    /// age in the lane.
    record Admitted(Envelope<Admission> admission, long position) implements LedgerEvent {}

    /// A puller's demand.
    record Pulled(Pull pull) implements LedgerEvent {}

    /// A worker's report, with its next demand.
    record Reported(Envelope<Outcome> outcome) implements LedgerEvent {}

    /// An operator's or client's command.
    record Commanded(Control control) implements LedgerEvent {}

    /// Time has passed; `caughtUp` says whether all that workers have reported has been read.
    record Tick(boolean caughtUp) implements LedgerEvent {}
}
