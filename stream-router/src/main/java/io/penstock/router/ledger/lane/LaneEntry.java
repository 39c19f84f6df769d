package io.penstock.router.ledger.lane;

import io.penstock.router.ledger.store.Table;
import io.penstock.topics.id.RequestId;
import java.util.HexFormat;

/// A pending request as its lane knows it: enough to decide who gets it without reading its row.
///
/// @param deadlineMs when it expires, as it was submitted
/// @param prefix its prefix group, 0 for none
/// @param position the offset of its admission: its age
/// @param need KV tokens it will hold
/// @param cost its fair share of service, in tokens
public record LaneEntry(
        RequestId id, long deadlineMs, int prefix, long position, long need, long cost, long acceptedAtMs) {
    /// Deadlines this close together count as one, so that prefix groups form among single requests.
    private static final long DEADLINE_STEP_MS = 10_000;

    /// Its place in its backlog, as a key: earliest deadline first, then prefix group, then age.
    public String place() {
        return Table.sortable(deadlineMs / DEADLINE_STEP_MS) + " "
                + HexFormat.of().toHexDigits(prefix) + " " + Table.sortable(position) + " " + id;
    }
}
