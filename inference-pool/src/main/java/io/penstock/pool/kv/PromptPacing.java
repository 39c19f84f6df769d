package io.penstock.pool.kv;

import io.penstock.pool.kv.KvLedger.Prompts;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Sends prompts of normal and low work so that a chat call that comes finds few of them before it. While no others are
/// there, the next one goes when hardly any tokens are left to compute, of those that the last account shows and by the
/// engine's speed since: one prompt at a time keeps it as busy as a row of them. Until its speed is found, and while
/// others are there, the engine has so many tokens at most before it, and beside others of low work fewer, to which its
/// share of what is computed is added.
///
/// A prompt that has waited for a second takes its turn, once a second: nothing that came after it goes
/// before it but high work, and what was sent before its turn is all it waits for. Large prompts would
/// otherwise never find the gap they need between small ones. Not thread-safe.
final class PromptPacing {
    private static final Duration TURN = Duration.ofSeconds(1);

    /// An engine is taken to be a tenth faster than it was seen to be: sent only what it did, it would never show what
    /// it can.
    private static final double FASTER = 1.1;

    private final long left;
    private final long most;
    private final long mostOfLow;
    private final PromptRate rate = new PromptRate();
    private final AnswerRate byAnswers = new AnswerRate();
    private long sentTokens;
    private Instant lastTurn = Instant.MIN;
    private @Nullable RequestId turn;

    PromptPacing(GatePolicy policy) {
        this.left = policy.limits().prefillLeft();
        this.most = policy.limits().prefillTokens();
        this.mostOfLow = Math.min(most, policy.chat().low().promptTokens());
    }

    void sent(Booking booking, Instant now) {
        sentTokens += booking.need().promptTokens();
        if (booking.id().equals(turn)) {
            turn = null;
            lastTurn = now;
        }
    }

    /// By an account of `at`, the engine has `before` before it.
    void observe(Prompts before, Instant at) {
        rate.observe(sentTokens - before.tokens(), at);
    }

    /// A request was answered by an engine whose accounts show no prompts ([AnswerRate]).
    void answered(Booking booking, Duration took, int sent, boolean full) {
        byAnswers.ended(booking.need().promptTokens(), took, sent, full);
    }

    /// Prompt tokens of ours that the engine computes in a second, 0 until it is known.
    double tokensPerSecond() {
        return Math.max(rate.tokensPerSecond(), byAnswers.tokensPerSecond());
    }

    /// What decides beside the request itself: what is known at `now`, the prompts that the engine has
    /// `before` it, whether others are there, and the share of the engine's speed that low work has beside them.
    record Moment(Knowledge known, Prompts before, boolean othersPresent, double lowShare, Instant now) {}

    /// Whether `booking`, of normal or low work, is sent at this moment. `all` are the bookings in the order
    /// they came; of those only what `mayGo` accepts takes a turn.
    boolean letsGo(Booking booking, Moment moment, Collection<Booking> all, Predicate<Booking> mayGo) {
        Prompts before = moment.before();
        if (before.areNone()) {
            return true;
        }
        Instant since = moment.now().minus(TURN);
        Booking first = lastTurn.isAfter(since) ? null : turn(all, mayGo, since);
        turn = first == null ? null : first.id();
        boolean fits = fits(booking, moment);
        boolean goes = first == null
                ? fits
                : first.id().equals(booking.id())
                        ? fits || isPast(before, turnFrom(first))
                        : fits && !booking.bookedAt().isAfter(first.bookedAt());
        if (!goes && !moment.othersPresent()) {
            rate.heldBack();
        }
        return goes;
    }

    private boolean fits(Booking booking, Moment moment) {
        if (!moment.othersPresent()) {
            long room = rate.isFound() ? left : most - booking.need().promptTokens();
            return stillLeft(moment) <= room;
        }
        long limit = booking.band() == Band.LOW ? mostOfLow + (long) (moment.lowShare() * computedSince(moment)) : most;
        return moment.before().tokens() + booking.need().promptTokens() <= limit;
    }

    /// How long until the next one goes while no others are there, if the engine computes on as fast as it did; empty
    /// if that is not known.
    Optional<Duration> untilNext(Moment moment) {
        double speed = rate.tokensPerSecond();
        if (moment.othersPresent() || !rate.isFound()) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos((long) (Math.max(0, stillLeft(moment) - left) / (speed * FASTER) * 1e9)));
    }

    private long stillLeft(Moment moment) {
        return moment.before().tokens() - (long) (FASTER * computedSince(moment));
    }

    private static @Nullable Booking turn(Collection<Booking> all, Predicate<Booking> mayGo, Instant since) {
        for (Booking booking : all) {
            if (!booking.isSent()
                    && booking.band() != Band.HIGH
                    && !booking.bookedAt().isAfter(since)
                    && mayGo.test(booking)) {
                return booking;
            }
        }
        return null;
    }

    private Instant turnFrom(Booking first) {
        return (lastTurn.isAfter(first.bookedAt()) ? lastTurn : first.bookedAt()).plus(TURN);
    }

    /// True if all that was sent before `moment` is behind.
    private static boolean isPast(Prompts before, Instant moment) {
        return before.unseen().stream().noneMatch(booking -> isSentBefore(booking, moment))
                && before.waiting().stream().noneMatch(booking -> isSentBefore(booking, moment));
    }

    private static boolean isSentBefore(Booking booking, Instant moment) {
        return booking.sentAt() != null && booking.sentAt().isBefore(moment);
    }

    /// Of what the engine has before it, the tokens that it will have computed by now.
    private long computedSince(Moment moment) {
        Told<Integer> waiting = moment.known().waiting();
        Instant since = moment.before().waiting().isEmpty() || waiting == null
                ? moment.before().oldestUnseen(moment.now())
                : waiting.at();
        return (long)
                (rate.tokensPerSecond() * Duration.between(since, moment.now()).toNanos() / 1e9);
    }
}
