package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.penstock.topics.id.RequestId;
import org.jspecify.annotations.Nullable;

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
    /// `number` (from 1). The payload is the inline body, if the request has one. With `partial`, the run
    /// may go on from the text an earlier one left. `yields` is how often it was taken back from an engine to make
    /// room for others.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Ticket(
            Puller puller,
            long number,
            int epoch,
            Request request,
            @Nullable Partial partial,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) int yields)
            implements Work {
        /// A ticket of a request that never yielded.
        public Ticket(Puller puller, long number, int epoch, Request request, @Nullable Partial partial) {
            this(puller, number, epoch, request, partial, 0);
        }

        /// A ticket to begin with.
        public Ticket(Puller puller, long number, int epoch, Request request) {
            this(puller, number, epoch, request, null);
        }
    }

    /// The ledger no longer wants request `id` of assignment `epoch`: stop it at the engine and report
    /// nothing more.
    record Abort(Puller puller, RequestId id, int epoch) implements Work {}
}
