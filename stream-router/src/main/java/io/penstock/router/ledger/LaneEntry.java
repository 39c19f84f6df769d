package io.penstock.router.ledger;

import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Tag;

/// A pending request as its lane knows it: enough to decide who gets it without reading its row.
record LaneEntry(RequestId id, long position, long need, ModelName model, long acceptedAtMs)
        implements Comparable<LaneEntry> {
    static LaneEntry of(Row row) {
        Tag tag = row.request().tag();
        return new LaneEntry(
                row.id(),
                row.position(),
                tag.cost().kvTokens(),
                tag.servedAs(),
                row.request().acceptedAt().toEpochMilli());
    }

    /// Its place in the lane, as a key.
    String place() {
        return Table.sortable(position) + " " + id;
    }

    @Override
    public int compareTo(LaneEntry other) {
        int byPosition = Long.compare(position, other.position);
        return byPosition != 0 ? byPosition : id.compareTo(other.id);
    }
}
