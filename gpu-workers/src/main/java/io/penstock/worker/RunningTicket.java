package io.penstock.worker;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Cost;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Work.Ticket;
import io.penstock.worker.run.RunInProgress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A ticket this worker holds: waiting to be sent, or running. Guarded by its endpoint's lock.
final class RunningTicket {
    final Envelope<Ticket> ticket;
    final Cost expected;
    final Instant acceptedAt;

    @Nullable
    RunInProgress run;

    Stop stop = Stop.NONE;

    /// Why it is to stop.
    enum Stop {
        /// It is not.
        NONE,
        /// The ledger no longer wants it.
        ABORTED,
        /// Others need its place.
        YIELDED,
        /// Its endpoint or its worker has had its time to drain.
        DRAINED
    }

    RunningTicket(Envelope<Ticket> ticket, Cost expected, Instant acceptedAt) {
        this.ticket = ticket;
        this.expected = expected;
        this.acceptedAt = acceptedAt;
    }

    /// Output tokens the engine has made in this run, as far as is known here.
    int generatedTokens() {
        return run == null ? 0 : run.generatedTokens();
    }

    Request request() {
        return ticket.meta().request();
    }

    RequestId id() {
        return request().id();
    }

    Band band() {
        return request().tag().band();
    }
}
