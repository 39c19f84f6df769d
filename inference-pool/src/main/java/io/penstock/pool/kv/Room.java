package io.penstock.pool.kv;

import io.penstock.pool.kv.Gate.Signal;
import io.penstock.topics.id.Band;
import io.penstock.topics.record.Pull.Spare;
import java.time.Instant;

/// What an endpoint has room for: the least of what its KV cache has to spare, what it was seen to bear, and as many
/// requests as it may have. Keeps nothing itself.
final class Room {
    /// Said where the cache's size is unknown: the number of requests is then the only bound.
    private static final long UNBOUNDED_TOKENS = 1L << 40;

    private final int sequences;
    private final KvLedger kv;
    private final ChatGuard chat;
    private final ReactiveLimit reactive;
    private final BlindPacing blind;

    /// With `sequences` requests at most.
    Room(int sequences, KvLedger kv, ChatGuard chat, ReactiveLimit reactive, BlindPacing blind) {
        this.sequences = sequences;
        this.kv = kv;
        this.chat = chat;
        this.reactive = reactive;
        this.blind = blind;
    }

    /// Any number of tokens.
    static Spare unbounded() {
        return new Spare(UNBOUNDED_TOKENS, UNBOUNDED_TOKENS, UNBOUNDED_TOKENS);
    }

    /// Whether there is any for `booking` among what was sent.
    boolean isFor(Booking booking, Knowledge known, Instant at) {
        boolean fits = known.capacity() == null
                || kv.tokensWith(booking, known)
                        <= chat.ceilings().of(booking.band()) * known.capacity().value();
        return fits && kv.sent() < requestsMax(known, at);
    }

    /// What there is beside all that is booked.
    Gate gate(Knowledge known, Instant at) {
        Signal signal = known.knowsKv() ? Signal.KV : known.isFrozen() ? Signal.FROZEN : Signal.UNKNOWN;
        int free = requestsMax(known, at) - kv.bookings().size();
        if (free <= 0) {
            boolean byReactive = reactive.limit() < sequencesMax(known, at);
            return Gate.closed(signal != Signal.KV ? signal : byReactive ? Signal.REACTIVE : Signal.SEQUENCES);
        }
        Spare spare =
                known.capacity() == null ? unbounded() : spare(known.capacity().value(), kv.tokens(known));
        return spare.low() > 0 && chat.arePresent(at)
                ? new Gate(slow(spare, at), free, Signal.CHAT)
                : new Gate(spare, free, signal);
    }

    private Spare slow(Spare spare, Instant at) {
        long parked = kv.bookings().stream()
                .filter(booking -> booking.band() == Band.LOW && !booking.isSent())
                .mapToLong(booking -> booking.need().kvTokens())
                .sum();
        return new Spare(spare.high(), spare.normal(), chat.slowed(spare.low(), parked, at));
    }

    private int requestsMax(Knowledge known, Instant at) {
        return Math.min(sequencesMax(known, at), reactive.limit());
    }

    private int sequencesMax(Knowledge known, Instant at) {
        if (known.knowsKv() || isOursAlone(known, at)) {
            return sequences;
        }
        return known.showsPrompts() ? blind.limit() : blind.limitSoon(kv.sent());
    }

    /// True if the engine is seen to have no requests but ours in a cache of known size: what they need is then what is
    /// in use, whether or not the engine tells.
    private boolean isOursAlone(Knowledge known, Instant at) {
        return known.capacity() != null && known.running() != null && !chat.arePresent(at);
    }

    private Spare spare(long capacity, long booked) {
        Ceilings now = chat.ceilings();
        return new Spare(
                spare(now.high(), capacity, booked),
                spare(now.normal(), capacity, booked),
                spare(now.low(), capacity, booked));
    }

    private static long spare(double ceiling, long capacity, long booked) {
        return Math.max(0, (long) (ceiling * capacity) - booked);
    }
}
