package io.penstock.pool.kv;

import io.penstock.pool.EngineLoad;
import io.penstock.pool.Standstill;
import io.penstock.pool.kv.Knowledge.Account;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What an engine has told of itself, signal by signal. A page that lacks one leaves that one's last value
/// to grow old by itself.
///
/// Nothing in an account is believed that has stood still ([Standstill]) for 4 steps of the engine and `frozenAfter`,
/// until it moves. Not thread-safe.
final class Signals {
    /// The gauges tell of the last step that is done; what we see of a request's end comes a little later.
    private static final int STEPS = 4;

    /// The size of a cache changes only with a restart.
    private static final Duration CAPACITY_KEPT = Duration.ofMinutes(1);

    private final Duration staleAfter;
    private final Duration frozenAfter;
    private final Pace pace;
    private @Nullable Heard<Integer> running;
    private @Nullable Heard<Integer> waiting;
    private @Nullable Heard<Integer> queue;
    private @Nullable Heard<Double> kvUse;
    private @Nullable Heard<Long> capacity;
    private @Nullable Heard<Long> preemptions;
    private final Standstill standstill = new Standstill();

    private record Heard<T>(T value, Instant at) {}

    Signals(GateLimits limits, Pace pace) {
        this.staleAfter = limits.staleAfter();
        this.frozenAfter = limits.frozenAfter();
        this.pace = pace;
    }

    /// A request of ours was sent, or one that had been sent has ended.
    void ourLoadChanged(Instant at) {
        standstill.ourLoadChanged(at);
    }

    /// Takes note of an account of `at`, of all signals or some; of each, one that is older than the last is
    /// passed over, since a page that was asked for comes after an answer's head that is younger. `oldestSent`
    /// is when the oldest request of ours that has not ended was sent, null if there is none. Returns whether
    /// any of it was news.
    boolean observe(EngineLoad load, Instant at, @Nullable Instant oldestSent) {
        Heard<Integer> nextRunning = heard(running, boxed(load.running()), at);
        Heard<Integer> nextWaiting = heard(waiting, boxed(load.waiting()), at);
        Heard<Double> nextUse = heard(kvUse, boxed(load.kvUse()), at);
        boolean overtaken = isOvertaken(at);
        boolean isNews = !Objects.equals(running, nextRunning)
                || !Objects.equals(waiting, nextWaiting)
                || !Objects.equals(kvUse, nextUse);
        if (overtaken && !isNews) {
            return false;
        }
        boolean moved = differ(running, nextRunning) || differ(waiting, nextWaiting) || differ(kvUse, nextUse);
        running = nextRunning;
        waiting = nextWaiting;
        kvUse = nextUse;
        queue = heard(queue, boxed(load.queue()), at);
        capacity = heard(capacity, boxed(load.capacityTokens()), at);
        preemptions = heard(preemptions, boxed(load.preemptions()), at);
        standstill.told(at, moved, isIdle(), oldestSent);
        return true;
    }

    private boolean isOvertaken(Instant at) {
        Instant toldAt = standstill.toldAt();
        return toldAt != null && at.isBefore(toldAt);
    }

    private boolean isIdle() {
        return running != null && running.value() == 0 && (waiting == null || waiting.value() == 0);
    }

    private Duration slack() {
        return pace.step().multipliedBy(STEPS).plus(frozenAfter);
    }

    /// What is known at `now`.
    Knowledge at(Instant now) {
        Instant toldAt = standstill.toldAt();
        boolean stale = toldAt == null || toldAt.plus(staleAfter).isBefore(now);
        Account account = stale ? Account.STALE : standstill.isFrozen(slack()) ? Account.FROZEN : Account.FRESH;
        boolean believed = account == Account.FRESH;
        return new Knowledge(
                account,
                believed ? told(running, now, staleAfter) : null,
                believed ? told(waiting, now, staleAfter) : null,
                believed ? told(queue, now, staleAfter) : null,
                believed ? told(kvUse, now, staleAfter) : null,
                told(capacity, now, CAPACITY_KEPT),
                believed ? told(preemptions, now, staleAfter) : null,
                standstill.movedAt());
    }

    /// When the engine last told anything; `first` if it has not yet.
    Instant toldAt(Instant first) {
        Instant toldAt = standstill.toldAt();
        return toldAt == null ? first : toldAt;
    }

    /// True if the gauges were last seen to move before `moment`, or never.
    boolean standSince(Instant moment) {
        Instant movedAt = standstill.movedAt();
        return movedAt == null || movedAt.isBefore(moment);
    }

    /// Preemptions the engine has told of last, whenever that was; null before the first time.
    @Nullable
    Long preemptions() {
        return preemptions == null ? null : preemptions.value();
    }

    private static @Nullable Integer boxed(OptionalInt told) {
        return told.isPresent() ? (Integer) told.getAsInt() : null;
    }

    private static @Nullable Long boxed(OptionalLong told) {
        return told.isPresent() ? (Long) told.getAsLong() : null;
    }

    private static @Nullable Double boxed(OptionalDouble told) {
        return told.isPresent() ? (Double) told.getAsDouble() : null;
    }

    private static <T> @Nullable Heard<T> heard(@Nullable Heard<T> last, @Nullable T next, Instant at) {
        boolean overtaken = last != null && last.at().isAfter(at);
        return next == null || overtaken ? last : new Heard<>(next, at);
    }

    private static <T> boolean differ(@Nullable Heard<T> last, @Nullable Heard<T> next) {
        return !Objects.equals(last == null ? null : last.value(), next == null ? null : next.value());
    }

    private static <T> @Nullable Told<T> told(@Nullable Heard<T> heard, Instant now, Duration keptFor) {
        return heard == null || heard.at().plus(keptFor).isBefore(now)
                ? null
                : new Told<>(heard.value(), heard.at(), Duration.between(heard.at(), now));
    }
}
