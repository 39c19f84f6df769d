package io.penstock.worker;

import io.penstock.pool.EndpointState;
import io.penstock.pool.kv.EndpointGate;
import io.penstock.pool.kv.Gate;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Puller;
import io.penstock.worker.pull.PullPlanner;
import io.penstock.worker.pull.TicketBook;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// What an endpoint says to the ledger, when it is due, and which tickets it accounts for. Guarded by
/// its endpoint's lock.
final class Pulls {
    private final Puller puller;
    private final WorkerContext context;
    private final PullPlanner planner = new PullPlanner();
    private final TicketBook tickets = new TicketBook();
    private long serial;
    private @Nullable ModelName base;

    Pulls(Puller puller, WorkerContext context) {
        this.puller = puller;
        this.context = context;
    }

    /// True if ticket `number` is new; a repeated one is not to be run again.
    boolean accepts(long number) {
        return tickets.accept(number);
    }

    /// True if `open` should be published now.
    boolean isDue(Gate open, Instant now) {
        return planner.isDue(open, now);
    }

    /// The next pull, saying `open`, of an endpoint in `state`; empty until its pool is known.
    Optional<Pull> next(Gate open, EndpointState state, boolean draining, EndpointGate gate) {
        Instant now = context.clock().instant();
        return pool(state).map(pool -> {
            planner.published(open, now);
            return new Pull(
                    puller,
                    pool,
                    context.workPartition(),
                    ++serial,
                    tickets.asOf(),
                    open.spare(),
                    open.sequences(),
                    state.models().keySet(),
                    draining,
                    reading(open, gate, now));
        });
    }

    /// The pool of an endpoint: as configured, else its base model. It stays what it was for as long as the
    /// engine serves that model, whatever else it lists: a worker that changed its pool would be silent in the
    /// old one, whose ledger takes its tickets for lost.
    Optional<PoolName> pool(EndpointState state) {
        PoolName configured = context.config().pool();
        if (configured != null) {
            return Optional.of(configured);
        }
        if (base == null || (state.isReady() && !state.models().containsKey(base))) {
            base = state.base();
        }
        return Optional.ofNullable(base).map(ModelName::value).map(PoolName::new);
    }

    /// What explains the pull to whoever asks why work waits.
    private static Pull.@Nullable Reading reading(Gate open, EndpointGate gate, Instant now) {
        OptionalDouble booked = gate.bookedShare();
        String closedBy = open.spare().low() > 0 && open.sequences() > 0
                ? null
                : open.signal().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return booked.isEmpty()
                ? null
                : new Pull.Reading(booked.getAsDouble(), gate.ceilings(now).low(), closedBy);
    }
}
