package io.penstock.router.ledger.lane;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.router.ledger.store.Table;
import io.penstock.topics.id.EndpointId;
import io.penstock.topics.id.RequestId;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/// A pending request as its lane knows it: enough to decide who gets it without reading its row.
///
/// @param deadlineMs when it expires, as it was submitted
/// @param prefix its prefix group, 0 for none
/// @param position the offset of its admission: its age
/// @param need KV tokens it will hold
/// @param cost its fair share of service, in tokens
/// @param avoided the engines it failed at last
public record LaneEntry(
        RequestId id,
        long deadlineMs,
        int prefix,
        long position,
        long need,
        long cost,
        long acceptedAtMs,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Avoided> avoided) {
    /// Deadlines this close together count as one, so that prefix groups form among single requests.
    private static final long DEADLINE_STEP_MS = 10_000;

    public LaneEntry {
        avoided = Objects.requireNonNullElse(avoided, List.of());
    }

    /// A request that has failed nowhere.
    public LaneEntry(
            RequestId id, long deadlineMs, int prefix, long position, long need, long cost, long acceptedAtMs) {
        this(id, deadlineMs, prefix, position, need, cost, acceptedAtMs, List.of());
    }

    /// True if it keeps away from `endpoint` at `now`, should another be there.
    public boolean avoids(EndpointId endpoint, Instant now) {
        for (Avoided one : avoided) {
            if (one.endpoint().equals(endpoint) && one.until().isAfter(now)) {
                return true;
            }
        }
        return false;
    }

    /// Its place in its backlog, as a key: earliest deadline first, then prefix group, then age.
    public String place() {
        return Table.sortable(deadlineMs / DEADLINE_STEP_MS) + " "
                + HexFormat.of().toHexDigits(prefix) + " " + Table.sortable(position) + " " + id;
    }
}
