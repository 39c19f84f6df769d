package io.penstock.router.ledger.lane;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Looks through one lane, in fair order, for the first request that fits a taker; at 256 requests at
/// most.
final class Search {
    private static final int LOOKS_MAX = 256;

    private final Taker taker;
    private final boolean outOfTurn;
    private final List<Backlog> passed = new ArrayList<>();
    private int looks;
    private boolean closed;

    Search(Taker taker, boolean outOfTurn) {
        this.taker = taker;
        this.outOfTurn = outOfTurn;
    }

    /// True if a request that was overtaken too often must have the taker's room first.
    boolean isClosed() {
        return closed;
    }

    /// What fits of `lane`, where `room` says which band's room an entry may use.
    FairShare.@Nullable Pick in(Lane lane, Function<LaneEntry, Band> room) {
        looks = 0;
        PriorityQueue<Turn> turns = new PriorityQueue<>(Turn.LEAST_SERVED);
        for (ModelName model : taker.models()) {
            offer(turns, lane.ready(model).iterator(), model);
        }
        while (!turns.isEmpty()) {
            Turn turn = turns.remove();
            for (Backlog backlog : turn.flow().ready(turn.model())) {
                LaneEntry fitting = fitting(backlog, room);
                if (fitting != null) {
                    return new FairShare.Pick(
                            fitting,
                            backlog,
                            lane,
                            room.apply(fitting),
                            taker.models(),
                            outOfTurn,
                            List.copyOf(passed));
                }
                if (closed || looks >= LOOKS_MAX) {
                    return null;
                }
            }
            offer(turns, turn.next(), turn.model());
        }
        return null;
    }

    private @Nullable LaneEntry fitting(Backlog backlog, Function<LaneEntry, Band> room) {
        int seen = 0;
        boolean first = true;
        for (LaneEntry entry : backlog.firsts()) {
            boolean avoided = taker.isAvoidedBy(entry, backlog.key().model());
            if (!avoided && taker.fits(room.apply(entry), entry.need())) {
                return entry;
            }
            if (first && !avoided) {
                if (backlog.overtaken() >= FairShare.OVERTAKEN_MAX) {
                    closed = true;
                    return null;
                }
                passed.add(backlog);
            }
            first = false;
            looks++;
            seen += avoided ? 0 : 1;
            if (seen == FairShare.LOOK_AHEAD || looks >= LOOKS_MAX) {
                return null;
            }
        }
        return null;
    }

    private static void offer(PriorityQueue<Turn> turns, Iterator<Flow> order, ModelName model) {
        if (order.hasNext()) {
            turns.add(new Turn(order.next(), model, order));
        }
    }

    /// The next flow of one model's order, and those after it.
    private record Turn(Flow flow, ModelName model, Iterator<Flow> next) {
        static final Comparator<Turn> LEAST_SERVED = Comparator.comparingDouble(Turn::position)
                .thenComparing(turn -> turn.flow().tenant());

        double position() {
            return flow.position(model);
        }
    }
}
