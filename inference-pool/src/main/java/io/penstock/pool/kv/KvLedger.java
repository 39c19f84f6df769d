package io.penstock.pool.kv;

import io.penstock.pool.EngineLoad;
import io.penstock.pool.kv.Gate.Signal;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Cost;
import io.penstock.topics.record.Pull.Spare;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Books an endpoint's KV cache in tokens.
///
/// ```
/// booked         = use × capacity            as of the last account
///                + Σ need(r)                 for r sent after it was asked for: not in it yet
///                + Σ growth(r)               for r in it and still running: its output will come
/// spare(band)    = ceiling(band) × capacity − booked,   at least 0
/// ```
///
/// Growth is taken as all of the expected output, so a request half done counts somewhat too much: the
/// error is on chat's side. Not thread-safe; no clock of its own.
public final class KvLedger {
    /// Said where the cache's size is unknown: the number of requests is then the only bound.
    private static final long UNBOUNDED_TOKENS = 1L << 40;

    private final Ceilings ceilings;
    private final GateLimits limits;
    private final Map<RequestId, Booking> bookings = new HashMap<>();
    private @Nullable EngineLoad load;
    private Instant gaugeMovedAt = Instant.MIN;

    private record Booking(Cost cost, Instant sentAt) {}

    public KvLedger(Ceilings ceilings, GateLimits limits) {
        this.ceilings = ceilings;
        this.limits = limits;
    }

    /// Books a request that is being sent at `now`; booking it again changes nothing.
    public void book(RequestId id, Cost cost, Instant now) {
        bookings.putIfAbsent(id, new Booking(cost, now));
    }

    /// Gives back what the request held.
    public void release(RequestId id) {
        bookings.remove(id);
    }

    /// Requests of ours that are booked.
    public int inFlight() {
        return bookings.size();
    }

    /// Takes note of the engine's newest account; an older one than the last is passed over.
    public void observe(EngineLoad next) {
        if (load != null && next.takenAt().isBefore(load.takenAt())) {
            return;
        }
        if (load == null
                || !load.kvUse().equals(next.kvUse())
                || load.waiting() != next.waiting()
                || load.running() != next.running()) {
            gaugeMovedAt = next.takenAt();
        }
        load = next;
    }

    /// KV tokens booked as of `now`, empty while the cache is unknown.
    public OptionalLong bookedTokens() {
        EngineLoad known = load;
        if (known == null || known.kvUse().isEmpty() || known.capacityTokens().isEmpty()) {
            return OptionalLong.empty();
        }
        double booked = known.kvUse().getAsDouble() * known.capacityTokens().getAsLong();
        for (Booking booking : bookings.values()) {
            booked += booking.sentAt().isBefore(known.takenAt())
                    ? booking.cost().outputTokens()
                    : booking.cost().kvTokens();
        }
        return OptionalLong.of((long) Math.ceil(booked));
    }

    /// What is booked as a share of the cache, 1 for all of it; empty while the cache is unknown.
    public OptionalDouble bookedShare() {
        EngineLoad known = load;
        OptionalLong booked = bookedTokens();
        return known == null || booked.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) booked.getAsLong()
                        / (double) Math.max(1, known.capacityTokens().orElseThrow()));
    }

    /// True if what is booked stays below the ceiling of `band`, or nothing else of ours runs, or the
    /// cache is unknown.
    public boolean holds(Band band) {
        EngineLoad known = load;
        OptionalLong booked = bookedTokens();
        return bookings.size() <= 1
                || known == null
                || booked.isEmpty()
                || booked.getAsLong()
                        <= ceilings.of(band) * known.capacityTokens().orElseThrow();
    }

    /// What the endpoint can take at `now`.
    public Gate gate(Instant now) {
        EngineLoad known = load;
        boolean fresh =
                known != null && !known.takenAt().plus(limits.staleAfter()).isBefore(now);
        if (known == null || !fresh || bookedTokens().isEmpty()) {
            int free = Math.max(0, limits.unknownSequences() - bookings.size());
            return free == 0 ? Gate.closed(Signal.UNKNOWN) : new Gate(unbounded(), free, Signal.UNKNOWN);
        }
        Gate gate = known.waiting() > limits.waitingMax() ? Gate.closed(Signal.WAITING) : byTokens(known);
        return gate.spare().low() == 0 && earnsProbe(now) ? new Gate(unbounded(), 1, Signal.PROBE) : gate;
    }

    private Gate byTokens(EngineLoad known) {
        int free = Math.max(0, limits.sequences() - bookings.size());
        if (free == 0) {
            return Gate.closed(Signal.SEQUENCES);
        }
        long capacity = known.capacityTokens().orElseThrow();
        long booked = bookedTokens().orElseThrow();
        return new Gate(
                new Spare(
                        spare(Band.HIGH, capacity, booked),
                        spare(Band.NORMAL, capacity, booked),
                        spare(Band.LOW, capacity, booked)),
                free,
                Signal.KV);
    }

    private long spare(Band band, long capacity, long booked) {
        return Math.max(0, (long) (ceilings.of(band) * capacity) - booked);
    }

    /// vLLM's gauges move only when a step yields output: after a mass cancellation they can stand at
    /// full for ever.
    private boolean earnsProbe(Instant now) {
        return bookings.isEmpty() && gaugeMovedAt.isBefore(now.minus(limits.probeAfter()));
    }

    private static Spare unbounded() {
        return new Spare(UNBOUNDED_TOKENS, UNBOUNDED_TOKENS, UNBOUNDED_TOKENS);
    }
}
