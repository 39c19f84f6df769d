package io.penstock.pool.kv;

import io.penstock.pool.EngineLoad;
import io.penstock.topics.id.RequestId;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Books an endpoint's KV cache in tokens.
///
/// ```
/// booked = use × capacity       as of the engine's last account
///        + Σ need(r)            for r that waits here, or was sent too late to be in it
///        + Σ growth(r)          for r in it and still writing: expected output less what it has made
/// ```
///
/// While requests wait at the engine, as many of ours, the newest, count as not in it: their prompts
/// hold nothing yet. Not thread-safe; no clock of its own.
final class KvLedger {
    private final Pace pace;
    /// In the order of booking.
    private final Map<RequestId, Booking> bookings = new LinkedHashMap<>();
    private @Nullable EngineLoad load;

    KvLedger(Pace pace) {
        this.pace = pace;
    }

    void book(Booking booking) {
        bookings.putIfAbsent(booking.id(), booking);
    }

    void sent(RequestId id, Instant now) {
        bookings.computeIfPresent(id, (_, booking) -> booking.sent(now));
    }

    /// Gives back what the request held; null if it was not booked.
    @Nullable
    Booking release(RequestId id) {
        return bookings.remove(id);
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
        int sent = 0;
        for (Booking booking : bookings.values()) {
            sent += booking.sentAt() == null ? 0 : 1;
        }
        return sent;
    }

    /// Takes note of the engine's newest account; an older one than the last is passed over. Returns
    /// whether it was news.
    boolean observe(EngineLoad next) {
        if (load != null && next.takenAt().isBefore(load.takenAt())) {
            return false;
        }
        load = next;
        return true;
    }

    @Nullable
    EngineLoad load() {
        return load;
    }

    /// KV tokens booked, empty while the cache is unknown.
    OptionalLong booked() {
        EngineLoad known = load;
        if (known == null || known.kvUse().isEmpty() || known.capacityTokens().isEmpty()) {
            return OptionalLong.empty();
        }
        double booked = known.kvUse().getAsDouble() * known.capacityTokens().getAsLong();
        int seen = 0;
        for (Booking booking : bookings.values()) {
            booked += booking.toCome(known.takenAt(), pace);
            seen += booking.isIn(known.takenAt(), pace) ? 1 : 0;
        }
        return OptionalLong.of((long) Math.ceil(booked + promptsWaiting(known, seen)));
    }

    /// Prompt tokens that were sent and that the engine has not begun: not in its account, or waiting.
    long unseenPromptTokens() {
        EngineLoad known = load;
        if (known == null) {
            return prompts(bookings.values());
        }
        long unseen = 0;
        int seen = 0;
        for (Booking booking : bookings.values()) {
            boolean isIn = booking.isIn(known.takenAt(), pace);
            seen += isIn ? 1 : 0;
            unseen += !isIn && booking.sentAt() != null ? booking.need().promptTokens() : 0;
        }
        return unseen + promptsWaiting(known, seen);
    }

    private static long prompts(Collection<Booking> bookings) {
        long tokens = 0;
        for (Booking booking : bookings) {
            tokens += booking.sentAt() == null ? 0 : booking.need().promptTokens();
        }
        return tokens;
    }

    private long promptsWaiting(EngineLoad known, int seen) {
        int admitted = seen - Math.min(known.waiting(), seen);
        long waiting = 0;
        for (Booking booking : bookings.values()) {
            if (booking.isIn(known.takenAt(), pace) && --admitted < 0) {
                waiting += booking.need().promptTokens();
            }
        }
        return waiting;
    }
}
