package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.penstock.topics.id.RequestId;

/// What the ledger tells a worker on the `work` topic.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Work.Ticket.class, name = "ticket"),
    @JsonSubTypes.Type(value = Work.Abort.class, name = "abort")
})
public sealed interface Work {
    /// Whom it is for.
    Puller puller();

    /// Request `request`, in its `epoch`-th assignment, is the puller's, under its running number
    /// `number` (from 1). The payload is the inline body, if the request has one.
    record Ticket(Puller puller, long number, int epoch, Request request) implements Work {}

    /// The ledger no longer wants request `id` of assignment `epoch`: stop it at the engine and report
    /// nothing more.
    record Abort(Puller puller, RequestId id, int epoch) implements Work {}
}
