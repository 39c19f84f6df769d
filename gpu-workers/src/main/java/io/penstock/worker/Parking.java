package io.penstock.worker;

import io.penstock.pool.kv.Clearance;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Tickets that wait at the worker until their endpoint's gate lets them go, by band and in the order
/// they came. There are no more than the pulls asked for.
final class Parking {
    private final Map<Band, Deque<RunningTicket>> waiting = new EnumMap<>(Band.class);

    /// What becomes of a ticket that was looked at.
    enum Fate {
        /// It was sent or given back.
        GONE,
        /// It waits on, and so do those of its band behind it.
        STAYS
    }

    void add(RunningTicket ticket) {
        waiting.computeIfAbsent(ticket.band(), _ -> new ArrayDeque<>()).add(ticket);
    }

    int size() {
        int size = 0;
        for (Deque<RunningTicket> band : waiting.values()) {
            size += band.size();
        }
        return size;
    }

    @Nullable
    RunningTicket find(RequestId id) {
        return waiting.values().stream()
                .flatMap(Deque::stream)
                .filter(ticket -> ticket.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    void remove(RunningTicket ticket) {
        waiting.getOrDefault(ticket.band(), new ArrayDeque<>()).remove(ticket);
    }

    /// Looks at the tickets, high band first, until one of a band stays.
    void sweep(Function<RunningTicket, Fate> look) {
        for (Deque<RunningTicket> band : waiting.values()) {
            boolean on = true;
            for (Iterator<RunningTicket> tickets = band.iterator(); on && tickets.hasNext(); ) {
                switch (look.apply(tickets.next())) {
                    case GONE -> tickets.remove();
                    case STAYS -> on = false;
                }
            }
        }
    }

    /// How long a ticket waits before it goes back to the ledger, where another endpoint may have room.
    static Duration patience(Clearance clearance) {
        return switch (clearance) {
            case GO -> Duration.ZERO;
            case PROMPTS_FIRST -> Duration.ofSeconds(5);
            case OTHERS_FIRST -> Duration.ofSeconds(1);
            case NO_ROOM -> Duration.ofMillis(250);
            case ENGINE_QUEUE -> Duration.ofSeconds(1);
        };
    }

    /// Why it goes back, in a word or two.
    static String reason(Clearance clearance) {
        return switch (clearance) {
            case GO -> "sent";
            case PROMPTS_FIRST -> "prompts first";
            case OTHERS_FIRST -> "others first";
            case NO_ROOM -> "no headroom";
            case ENGINE_QUEUE -> "engine queue";
        };
    }
}
