package io.penstock.pool.kv;

import io.penstock.topics.id.RequestId;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Books an endpoint's KV cache in tokens.
///
/// ```
/// booked = use × capacity       as of the gauge
///        + Σ need(r)            for r that waits here, or was sent too late to be in it
///        + growth               of those in it and still writing: expected output less what they have made
/// ```
///
/// What was sent after the gauge last moved is not in it, however often it was read since. While requests
/// wait at the engine, as many of ours, the newest, count as not in it: their prompts hold nothing yet.
/// Not thread-safe; no clock of its own.
final class KvLedger {
    private final Pace pace;
    /// In the order of booking.
    private final Map<RequestId, Booking> bookings = new LinkedHashMap<>();

    private int sent;

    KvLedger(Pace pace) {
        this.pace = pace;
    }

    void book(Booking booking) {
        bookings.putIfAbsent(booking.id(), booking);
    }

    void sent(RequestId id, Instant now) {
        Booking booking = bookings.get(id);
        if (booking != null) {
            sent += booking.isSent() ? 0 : 1;
            bookings.put(id, booking.sent(now));
        }
    }

    void begun(RequestId id) {
        bookings.computeIfPresent(id, (_, booking) -> booking.isSent() ? booking.withBegun() : booking);
    }

    /// Gives back what the request held; null if it was not booked.
    @Nullable
    Booking release(RequestId id) {
        Booking booking = bookings.remove(id);
        sent -= booking != null && booking.isSent() ? 1 : 0;
        return booking;
    }

    @Nullable
    Booking find(RequestId id) {
        return bookings.get(id);
    }

    /// All bookings, oldest first.
    Collection<Booking> bookings() {
        return bookings.values();
    }

    /// Those that were sent.
    int sent() {
        return sent;
    }

    /// When the oldest of those was, null if there is none.
    @Nullable
    Instant oldestSent() {
        return bookings.values().stream()
                .map(Booking::sentAt)
                .filter(sentAt -> sentAt != null)
                .min(Instant::compareTo)
                .orElse(null);
    }

    /// KV tokens booked by the engine's account, empty while use or size of its cache is unknown.
    OptionalLong booked(Knowledge known) {
        return byAccount(known, _ -> true);
    }

    /// All that is booked: by the engine's account, or else at least what our own will hold when they are done.
    long tokens(Knowledge known) {
        return tokens(known, _ -> true);
    }

    /// What would be booked of what was sent if `next`, which waits here, were as well. What else waits here is not in
    /// its way.
    long tokensWith(Booking next, Knowledge known) {
        return tokens(known, booking -> booking.isSent() || booking.id().equals(next.id()));
    }

    private long tokens(Knowledge known, Predicate<Booking> counted) {
        OptionalLong booked = byAccount(known, counted);
        if (booked.isPresent()) {
            return booked.getAsLong();
        }
        long own = 0;
        for (Booking booking : bookings.values()) {
            own += counted.test(booking) ? booking.need().kvTokens() : 0;
        }
        return own;
    }

    private OptionalLong byAccount(Knowledge known, Predicate<Booking> counted) {
        if (known.kvUse() == null || known.capacity() == null) {
            return OptionalLong.empty();
        }
        double use = known.kvUse().value() * known.capacity().value();
        Instant shownAt = known.shownBy(known.kvUse());
        long prompts = promptTokens(promptsWaiting(known));
        double booked = use + prompts;
        Growth growth = new Growth(use, known.running(), prompts);
        for (Booking booking : bookings.values()) {
            if (counted.test(booking)) {
                if (booking.isIn(shownAt, pace)) {
                    growth.add(booking.need(), booking.toCome(known.kvUse().at(), pace));
                } else {
                    booked += booking.need().kvTokens();
                }
            }
        }
        return OptionalLong.of((long) Math.ceil(booked + growth.tokens()));
    }

    /// Those of ours that were sent and whose prompts the engine has not been seen to have begun: not in
    /// its account, or waiting.
    Prompts unseenPrompts(Knowledge known) {
        Instant shownAt = shownAt(known);
        List<Booking> unseen = bookings.values().stream()
                .filter(booking -> booking.isSent() && !booking.begun() && !booking.isIn(shownAt, pace))
                .toList();
        return new Prompts(unseen, promptsWaiting(known));
    }

    /// Prompts that the engine has before it: those it has not shown yet, oldest first, and those that wait
    /// by its own account.
    record Prompts(List<Booking> unseen, List<Booking> waiting) {
        boolean areNone() {
            return unseen.isEmpty() && waiting.isEmpty();
        }

        long tokens() {
            return promptTokens(unseen) + promptTokens(waiting);
        }

        /// When the oldest that was not shown yet was sent; `now` if there is none.
        Instant oldestUnseen(Instant now) {
            Instant oldest = now;
            for (Booking booking : unseen) {
                if (booking.sentAt() != null && booking.sentAt().isBefore(oldest)) {
                    oldest = booking.sentAt();
                }
            }
            return oldest;
        }
    }

    private List<Booking> promptsWaiting(Knowledge known) {
        if (known.waiting() == null || known.waiting().value() == 0) {
            return List.of();
        }
        Instant queueAt = known.shownBy(known.waiting());
        Instant shownAt = shownAt(known);
        List<Booking> there = bookings.values().stream()
                .filter(booking -> !booking.begun() && booking.isIn(shownAt, pace) && booking.isIn(queueAt, pace))
                .toList();
        return there.subList(Math.max(0, there.size() - known.waiting().value()), there.size());
    }

    /// Up to when what was sent can be in the gauge that shows it best.
    private static Instant shownAt(Knowledge known) {
        return known.shownBy(known.kvUse() == null ? known.running() : known.kvUse());
    }

    private static long promptTokens(List<Booking> bookings) {
        long tokens = 0;
        for (Booking booking : bookings) {
            tokens += booking.need().promptTokens();
        }
        return tokens;
    }
}
