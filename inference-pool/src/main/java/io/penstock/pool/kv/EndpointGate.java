package io.penstock.pool.kv;

import io.penstock.pool.EngineLoad;
import io.penstock.pool.kv.Gate.Signal;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Cost;
import io.penstock.topics.record.Pull.Spare;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What one endpoint may be sent: the least of what its KV cache has to spare, what it was seen to bear,
/// and what the others who use it can stand.
///
/// A request is booked when it comes, sent when its `clearance` is to go, released when it has ended. Not
/// thread-safe; no clock of its own.
public final class EndpointGate {
    /// Said where the cache's size is unknown: the number of requests is then the only bound.
    private static final long UNBOUNDED_TOKENS = 1L << 40;

    private final GatePolicy policy;
    private final Pace pace = new Pace();
    private final KvLedger kv = new KvLedger(pace);
    private final Others others;
    private final TokenBucket trickle;
    private final ReactiveLimit reactive;
    private Instant gaugeMovedAt = Instant.MIN;
    private long largestNeed;
    private boolean wasFresh;

    public EndpointGate(GatePolicy policy) {
        this.policy = policy;
        this.others = new Others(policy.chat().linger(), pace);
        this.trickle = new TokenBucket(policy.chat().tokensPerSecond());
        this.reactive = new ReactiveLimit(policy.reactive());
    }

    /// Books a request that came at `now`; booking it again changes nothing.
    public void book(RequestId id, Band band, Cost need, Instant now) {
        kv.book(new Booking(id, band, need, now, null));
        largestNeed = Math.max(need.kvTokens(), largestNeed - largestNeed / 64);
    }

    /// Whether the request, which is booked, may be sent at `now`.
    public Clearance clearance(RequestId id, Instant now) {
        Booking booking = kv.find(id);
        if (booking == null || kv.sent() == 0) {
            return Clearance.GO;
        }
        if (!hasRoom(booking.band(), now)) {
            return Clearance.NO_ROOM;
        }
        if (booking.band() == Band.LOW && others.arePresent(now) && !trickle.isOpen(now)) {
            return Clearance.OTHERS_FIRST;
        }
        long unseen = kv.unseenPromptTokens();
        boolean welcome = booking.band() == Band.HIGH
                || unseen == 0
                || unseen + booking.need().promptTokens() <= policy.limits().prefillTokens();
        return welcome ? Clearance.GO : Clearance.PROMPTS_FIRST;
    }

    private boolean hasRoom(Band band, Instant now) {
        OptionalLong booked = bookedTokens();
        EngineLoad known = kv.load();
        boolean fits = known == null
                || booked.isEmpty()
                || (double) booked.getAsLong()
                        <= ceilings(now).of(band) * known.capacityTokens().orElseThrow();
        return fits && kv.sent() < reactive.limit();
    }

    /// The request is being sent.
    public void sent(RequestId id, Instant now) {
        Booking booking = kv.find(id);
        if (booking != null && booking.band() == Band.LOW && others.arePresent(now)) {
            trickle.take(booking.need().kvTokens(), now);
        }
        kv.sent(id, now);
    }

    /// Gives back what the request held. `outputTokens` are those of its answer, 0 if it has none.
    public void release(RequestId id, long outputTokens, Instant now) {
        Booking booking = kv.release(id);
        if (booking != null && booking.sentAt() != null) {
            others.ended(now);
            pace.ended(outputTokens, Duration.between(booking.sentAt(), now));
        }
    }

    /// The engine refused or evicted the request. True if that lowered the reactive limit.
    public boolean refused(RequestId id, Instant now) {
        Booking booking = kv.find(id);
        Instant sentAt = booking == null ? null : booking.sentAt();
        return reactive.refused(sentAt == null ? now : sentAt, now);
    }

    /// The endpoint takes calls again.
    public void reopened(Instant now) {
        reactive.reopened(now);
    }

    /// Takes note of the engine's newest account; an older one than the last is passed over.
    public void observe(EngineLoad next) {
        EngineLoad last = kv.load();
        if (!kv.observe(next)) {
            return;
        }
        Instant at = next.takenAt();
        if (last == null
                || !last.kvUse().equals(next.kvUse())
                || last.waiting() != next.waiting()
                || last.running() != next.running()) {
            gaugeMovedAt = at;
        }
        others.observe(next, kv.sent());
        reactive.observe(kv.sent(), at);
        if (last != null && next.preemptions() > last.preemptions() && kv.sent() > 0) {
            boolean _ = reactive.refused(newestSent(), at);
        }
    }

    private Instant newestSent() {
        return kv.bookings().stream()
                .map(Booking::sentAt)
                .filter(sentAt -> sentAt != null)
                .max(Instant::compareTo)
                .orElse(Instant.MIN);
    }

    /// What the endpoint can take at `now`.
    public Gate gate(Instant now) {
        EngineLoad known = kv.load();
        boolean fresh = known != null
                && !known.takenAt().plus(policy.limits().staleAfter()).isBefore(now)
                && kv.booked().isPresent();
        if (fresh && !wasFresh) {
            reactive.reopened(now);
        }
        wasFresh = fresh;
        if (known == null || !fresh) {
            int free = Math.min(policy.limits().unknownSequences(), reactive.limit()) - inFlight();
            return free <= 0 ? Gate.closed(Signal.UNKNOWN) : new Gate(unbounded(), free, Signal.UNKNOWN);
        }
        Gate gate = known.waiting() > policy.limits().waitingMax() ? Gate.closed(Signal.WAITING) : byTokens(known, now);
        return gate.spare().low() == 0 && earnsProbe(now) ? new Gate(unbounded(), 1, Signal.PROBE) : gate;
    }

    private Gate byTokens(EngineLoad known, Instant now) {
        int free = policy.limits().sequences() - inFlight();
        int borne = reactive.limit() - inFlight();
        if (Math.min(free, borne) <= 0) {
            return Gate.closed(free <= 0 ? Signal.SEQUENCES : Signal.REACTIVE);
        }
        long capacity = known.capacityTokens().orElseThrow();
        long booked = kv.booked().orElseThrow();
        Ceilings ceilings = ceilings(now);
        long low = spare(ceilings.low(), capacity, booked);
        boolean slow = low > 0 && others.arePresent(now);
        return new Gate(
                new Spare(
                        spare(ceilings.high(), capacity, booked),
                        spare(ceilings.normal(), capacity, booked),
                        slow ? trickled(low, now) : low),
                Math.min(free, borne),
                slow ? Signal.CHAT : Signal.KV);
    }

    /// While others are there: about one request, when the next is due and none waits to be sent.
    private long trickled(long low, Instant now) {
        boolean waits =
                kv.bookings().stream().anyMatch(booking -> booking.band() == Band.LOW && booking.sentAt() == null);
        return waits || !trickle.isOpen(now) ? 0 : Math.min(low, largestNeed == 0 ? low : largestNeed);
    }

    private static long spare(double ceiling, long capacity, long booked) {
        return Math.max(0, (long) (ceiling * capacity) - booked);
    }

    /// vLLM's gauges move only when a step yields output: after a mass cancellation they can stand at
    /// full for ever.
    private boolean earnsProbe(Instant now) {
        return inFlight() == 0
                && gaugeMovedAt.isBefore(now.minus(policy.limits().probeAfter()));
    }

    private static Spare unbounded() {
        return new Spare(UNBOUNDED_TOKENS, UNBOUNDED_TOKENS, UNBOUNDED_TOKENS);
    }

    /// The ceilings in force at `now`.
    public Ceilings ceilings(Instant now) {
        return others.arePresent(now) ? policy.chat().ceilings() : policy.ceilings();
    }

    /// Requests of ours that are booked.
    public int inFlight() {
        return kv.bookings().size();
    }

    /// Requests of others at the engine, rather too few than too many.
    public int others() {
        return others.count();
    }

    /// Requests of ours that the engine was seen to bear.
    public int reactiveLimit() {
        return reactive.limit();
    }

    /// Low-band requests of ours that were sent and whose prompts the engine has not been seen to have:
    /// stopping them loses nothing.
    public List<RequestId> lowUnseen() {
        EngineLoad known = kv.load();
        return kv.bookings().stream()
                .filter(booking -> booking.band() == Band.LOW
                        && booking.sentAt() != null
                        && (known == null || !booking.isIn(known.takenAt(), pace)))
                .map(Booking::id)
                .toList();
    }

    /// Low-band requests of ours that were sent, newest first.
    public List<RequestId> lowSent() {
        return kv.bookings().stream()
                .filter(booking -> booking.band() == Band.LOW && booking.sentAt() != null)
                .map(Booking::id)
                .toList()
                .reversed();
    }

    /// The engine's last account, null before the first.
    public @Nullable EngineLoad load() {
        return kv.load();
    }

    /// KV tokens booked, empty while the cache is unknown.
    public OptionalLong bookedTokens() {
        return kv.booked();
    }

    /// What is booked as a share of the cache, 1 for all of it; empty while the cache is unknown.
    public OptionalDouble bookedShare() {
        EngineLoad known = kv.load();
        OptionalLong booked = bookedTokens();
        return known == null || booked.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) booked.getAsLong()
                        / (double) Math.max(1, known.capacityTokens().orElseThrow()));
    }
}
