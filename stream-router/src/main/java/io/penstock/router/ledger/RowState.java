package io.penstock.router.ledger;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;

/// Where an unfinished request stands. There is no state for an ended one: its row is gone and a
/// tombstone remains.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "in")
@JsonSubTypes({
    @JsonSubTypes.Type(value = RowState.Pending.class, name = "pending"),
    @JsonSubTypes.Type(value = RowState.Assigned.class, name = "assigned"),
    @JsonSubTypes.Type(value = RowState.Waiting.class, name = "waiting")
})
public sealed interface RowState {
    /// It waits in its lane for a pull it fits into. Left by `Dispatcher`.
    record Pending() implements RowState {}

    /// A worker has it. Left by the worker's outcome, or by `LeaseSweeper` if the worker falls silent.
    record Assigned(Assignment to) implements RowState {}

    /// It backs off until `until`, `why` says from what. Left by `BackoffSweeper`.
    record Waiting(Instant until, String why) implements RowState {}
}
