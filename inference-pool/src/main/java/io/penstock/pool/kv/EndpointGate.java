package io.penstock.pool.kv;

import io.penstock.pool.EngineLoad;
import io.penstock.pool.kv.Gate.Signal;
import io.penstock.pool.kv.Knowledge.Account;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Cost;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What one endpoint may be sent: the least of what its KV cache has to spare, what it was seen to bear,
/// and what the others who use it can stand.
///
/// A request is booked when it comes, sent when its `clearance` is to go, released when it has ended. What
/// a pull offers and what a ticket is cleared by is the same [Knowledge]. While use or size of the cache is
/// unknown, or the account stands still, the number of requests is the bound, and of a cache whose size is
/// known what our own need. Not thread-safe; no clock of its own, and moments may go back when the clock
/// that they are read from is set.
public final class EndpointGate {
    /// An engine computes next to nothing in less.
    private static final Duration LOOK_SOONEST = Duration.ofMillis(5);

    private final GatePolicy policy;
    private final SteadyTime time = new SteadyTime();
    private final Pace pace = new Pace();
    private final KvLedger kv = new KvLedger(pace);
    private final Signals signals;
    private final PromptPacing prompts;
    private final ChatGuard chat;
    private final ReactiveLimit reactive;
    private final BlindPacing blind;
    private final Room room;
    private @Nullable EngineLoad load;
    private boolean knewKv;
    private @Nullable Instant aloneSince;

    public EndpointGate(GatePolicy policy) {
        this.policy = policy;
        this.signals = new Signals(policy.limits(), pace);
        this.prompts = new PromptPacing(policy);
        this.chat = new ChatGuard(policy, pace, prompts);
        this.reactive = new ReactiveLimit(policy.reactive());
        this.blind = new BlindPacing(policy.limits(), pace);
        this.room = new Room(policy.limits().sequences(), kv, chat, reactive, blind);
    }

    /// Books a request that came at `now`; booking it again changes nothing.
    public void book(RequestId id, Band band, Cost need, Instant now) {
        Booking booking = new Booking(id, band, need, time.at(now));
        kv.book(booking);
        chat.booked(booking);
    }

    /// The request is being sent.
    public void sent(RequestId id, Instant now) {
        Booking booking = kv.find(id);
        if (booking == null) {
            return;
        }
        Instant at = time.at(now);
        chat.sent(booking, at);
        kv.sent(id, at);
        prompts.sent(booking, at);
        blind.sent(kv.sent(), at);
        signals.ourLoadChanged(at);
    }

    /// The engine was seen to write the request's answer: its prompt is computed, whatever the account
    /// says. Saying so again changes nothing.
    public void begun(RequestId id) {
        kv.begun(id);
    }

    /// Gives back what the request held. `outputTokens` are those of its answer, 0 if it has none.
    public void release(RequestId id, long outputTokens, Instant now) {
        Booking booking = kv.release(id);
        if (booking != null && booking.sentAt() != null) {
            Instant at = time.at(now);
            Duration took = Duration.between(booking.sentAt(), at);
            int sent = kv.sent() + 1;
            chat.ended(at);
            pace.ended(outputTokens, took);
            blind.ended(outputTokens, booking.sentAt(), at, sent);
            if (outputTokens > 0 && !signals.at(at).showsPrompts()) {
                boolean full = sent >= blind.limit() && !chat.arePresent(at);
                prompts.answered(booking, took, sent, full);
            }
            signals.ourLoadChanged(at);
            aloneSince = at;
        }
    }

    /// The engine refused or evicted the request. True if that lowered the reactive limit.
    public boolean refused(RequestId id, Instant now) {
        Instant at = time.at(now);
        Booking booking = kv.find(id);
        Instant sentAt = booking == null ? null : booking.sentAt();
        return reactive.refused(sentAt == null ? at : sentAt, at);
    }

    /// The endpoint takes calls again.
    public void reopened(Instant now) {
        reactive.reopened(time.at(now));
    }

    /// Time has passed; to be called several times a second, whether or not the engine gives accounts.
    public void tick(Instant now) {
        Instant at = time.at(now);
        Knowledge known = signals.at(at);
        reactive.observe(kv.sent(), at);
        if (chat.arePresent(at) || known.knowsKv()) {
            blind.pause(at);
        } else {
            blind.resume(at);
        }
        chat.tick(known, kv.sent(), at);
    }

    /// One who sends interactive calls to the endpoint says that it has `calls` there, of which `awaiting` have
    /// not had their first word.
    public void told(String source, int calls, int awaiting, Instant now) {
        chat.told(source, calls, awaiting, time.at(now));
    }

    /// Takes note of what the engine tells: all of its load, or some of it with an answer's head. What is older
    /// than was known is passed over, and the same again.
    public void observe(EngineLoad next) {
        Instant at = time.past(next.takenAt());
        Long preemptedBefore = signals.preemptions();
        if (next.equals(load) || !signals.observe(next, at, kv.oldestSent())) {
            return;
        }
        load = next;
        Instant seen = signals.toldAt(at);
        Knowledge known = signals.at(seen);
        if (known.account() == Account.FRESH) {
            chat.observe(next, kv.sent(), at);
            prompts.observe(kv.unseenPrompts(known), seen);
        } else {
            chat.knowNothing();
        }
        chat.tick(known, kv.sent(), seen);
        Long preempted = signals.preemptions();
        if (preempted != null && preemptedBefore != null && preempted > preemptedBefore) {
            preempted(at);
        }
    }

    /// One flight is punished once: those that were sent before the last cut are preempted for what it has
    /// mended, until they have ended or would have.
    private void preempted(Instant at) {
        Instant cut = reactive.lastCut();
        boolean punished = kv.bookings().stream()
                .anyMatch(
                        booking -> booking.sentAt() != null && booking.sentAt().isBefore(cut));
        if (kv.sent() > 0 && !(punished && at.isBefore(cut.plus(pace.flight())))) {
            boolean _ = reactive.refused(at, at);
        }
    }

    /// Whether the request, which is booked, may be sent at `now`.
    public Clearance clearance(RequestId id, Instant now) {
        Booking booking = kv.find(id);
        if (booking == null) {
            return Clearance.GO;
        }
        Instant at = time.at(now);
        Knowledge known = know(at);
        Clearance byEngine = byEngine(booking, known, at);
        if (byEngine != Clearance.GO || booking.band() == Band.HIGH) {
            return byEngine;
        }
        if (!known.showsPrompts()) {
            return blind.isDue(at) ? Clearance.GO : Clearance.PROMPTS_FIRST;
        }
        boolean goes = prompts.letsGo(
                booking, moment(known, at), kv.bookings(), other -> byEngine(other, known, at) == Clearance.GO);
        return goes ? Clearance.GO : Clearance.PROMPTS_FIRST;
    }

    private PromptPacing.Moment moment(Knowledge known, Instant at) {
        return new PromptPacing.Moment(known, kv.unseenPrompts(known), chat.arePresent(at), chat.lowShare(at), at);
    }

    /// How long until a request may go that waits for prompts first, if all goes on as it does, 5 ms at least; empty
    /// if that is not known.
    public Optional<Duration> untilNextPrompt(Instant now) {
        Instant at = time.at(now);
        Knowledge known = know(at);
        Optional<Duration> wait =
                known.showsPrompts() ? prompts.untilNext(moment(known, at)) : Optional.of(blind.untilDue(at));
        return wait.map(exact -> exact.compareTo(LOOK_SOONEST) < 0 ? LOOK_SOONEST : exact);
    }

    private Clearance byEngine(Booking booking, Knowledge known, Instant at) {
        boolean probes = kv.sent() == 0 && standStill(at);
        if (known.queueExceeds(policy.limits().waitingMax()) && !probes) {
            return Clearance.ENGINE_QUEUE;
        }
        if (!room.isFor(booking, known, at) && !probes && !mayGoAlone(known, at)) {
            return Clearance.NO_ROOM;
        }
        return chat.letsIn(booking.band(), at) ? Clearance.GO : Clearance.OTHERS_FIRST;
    }

    /// With nothing of ours there, one goes whatever it needs, or the largest would never run; where others
    /// are in its way, only once nothing of ours has been there for as long as earns a probe.
    private boolean mayGoAlone(Knowledge known, Instant at) {
        if (kv.sent() > 0) {
            return false;
        }
        boolean inNobodysWay = !chat.arePresent(at) && known.nothingWaits();
        return inNobodysWay || (aloneSince != null && isLongAgo(aloneSince, at));
    }

    /// What the endpoint can take at `now`.
    public Gate gate(Instant now) {
        Instant at = time.at(now);
        Knowledge known = know(at);
        Gate gate =
                known.queueExceeds(policy.limits().waitingMax()) ? Gate.closed(Signal.WAITING) : room.gate(known, at);
        boolean earnsProbe = kv.bookings().isEmpty() && standStill(at);
        return gate.spare().low() == 0 && earnsProbe ? new Gate(Room.unbounded(), 1, Signal.PROBE) : gate;
    }

    /// What is known at `at`. A cache that was unknown, not just frozen, begins anew.
    private Knowledge know(Instant at) {
        Knowledge known = signals.at(at);
        if (aloneSince == null) {
            aloneSince = at;
        }
        if (known.knowsKv() && !knewKv) {
            reactive.reopened(at);
        }
        knewKv = known.knowsKv() || (knewKv && known.isFrozen());
        return known;
    }

    /// vLLM's gauges move only when a step yields output: after a mass cancellation they can stand at
    /// full for ever.
    private boolean standStill(Instant at) {
        return signals.standSince(at.minus(policy.limits().probeAfter()));
    }

    private boolean isLongAgo(Instant moment, Instant at) {
        return moment.isBefore(at.minus(policy.limits().probeAfter()));
    }

    /// What is known of the engine at `now`.
    public Knowledge knowledge(Instant now) {
        return signals.at(time.at(now));
    }

    private Knowledge latest() {
        return signals.at(time.latest());
    }

    /// The engine's last account, null before the first.
    public @Nullable EngineLoad load() {
        return load;
    }

    /// The ceilings in force at `now`.
    public Ceilings ceilings(Instant now) {
        Instant at = time.at(now);
        chat.tick(signals.at(at), kv.sent(), at);
        return chat.ceilings();
    }

    /// Requests of ours that are booked.
    public int inFlight() {
        return kv.bookings().size();
    }

    /// Requests of others at the engine, rather too few than too many.
    public int others() {
        return chat.count(time.latest());
    }

    /// True while others use the engine.
    boolean othersPresent(Instant now) {
        return chat.arePresent(time.at(now));
    }

    /// Requests of ours that the engine was seen to bear.
    public int reactiveLimit() {
        return reactive.limit();
    }

    /// Requests of ours that the engine may have while it does not tell what its cache holds and others may be in it.
    public int unknownLimit() {
        return blind.limit();
    }

    /// Prompt tokens of ours that the engine was seen to compute in a second, 0 until it is known.
    public double promptTokensPerSecond() {
        return prompts.tokensPerSecond();
    }

    /// Low-band requests of ours that were sent and whose prompts the engine has not been seen to have:
    /// stopping them loses nothing.
    public List<RequestId> lowUnseen() {
        return kv.unseenPrompts(latest()).unseen().stream()
                .filter(booking -> booking.band() == Band.LOW)
                .map(Booking::id)
                .toList();
    }

    /// Low-band requests of ours that were sent, newest first.
    public List<RequestId> lowSent() {
        return kv.bookings().stream()
                .filter(booking -> booking.band() == Band.LOW && booking.isSent())
                .map(Booking::id)
                .toList()
                .reversed();
    }

    /// KV tokens booked by the engine's account, empty while use or size of its cache is unknown.
    public OptionalLong bookedTokens() {
        return kv.booked(latest());
    }

    /// What is booked as a share of the cache, 1 for all of it; empty while the cache is unknown.
    public OptionalDouble bookedShare() {
        Knowledge known = latest();
        OptionalLong booked = kv.booked(known);
        return known.capacity() == null || booked.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) booked.getAsLong()
                        / Math.max(1, known.capacity().value()));
    }
}
