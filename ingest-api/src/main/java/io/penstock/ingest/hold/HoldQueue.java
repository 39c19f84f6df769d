package io.penstock.ingest.hold;

import io.penstock.pool.Placement;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/// Which of the waiting calls go when there is room, and how long each may wait.
///
/// Strictly by band; in a band the models take turns, in a model its tenants and fairness ids. A model
/// without room holds up no other. Bounded per band. Not thread-safe; no clock of its own.
final class HoldQueue {
    private final HoldLimits limits;
    private final SequencedMap<ModelName, ModelLine> lines = new LinkedHashMap<>();
    private final Map<Band, Amount> amounts = new EnumMap<>(Band.class);

    private record Amount(int calls, long bytes) {
        private static final Amount NONE = new Amount(0, 0);
    }

    HoldQueue(HoldLimits limits) {
        this.limits = limits;
    }

    /// What came of a look for room: the calls that go, each counted at its endpoint, and those whose time
    /// is counted anew, because their model now lacks something else.
    record Round(List<Sent> sent, List<HeldCall> retimed) {}

    record Sent(HeldCall call, Placement.At at) {}

    /// True if `request` may wait beside those that do.
    boolean hasRoom(HoldRequest request) {
        return calls(request.band()) < limits.calls() && bytes(request.band()) + request.bytes() <= limits.bytes();
    }

    /// Lets a call wait, which `hasRoom` allows, for what `shortage` says.
    void add(HeldCall call, Shortage shortage) {
        ModelLine line = lines.computeIfAbsent(model(call), _ -> new ModelLine(shortage, call.since));
        line.of(call.request.band()).add(call);
        count(call, 1);
    }

    /// Takes a call out; false if it is not there.
    boolean remove(HeldCall call) {
        ModelLine line = lines.get(model(call));
        if (line == null || !line.of(call.request.band()).remove(call)) {
            return false;
        }
        left(call, line);
        return true;
    }

    /// Sends what finds room: `place` looks for it, and counts what it placed.
    Round release(Function<HoldRequest, Placement> place, Instant now) {
        Round round = new Round(new ArrayList<>(), new ArrayList<>());
        Set<ModelLine> full = new HashSet<>();
        for (Band band : Band.values()) {
            List<ModelLine> open = new ArrayList<>(lines.values());
            open.removeIf(full::contains);
            while (!open.isEmpty()) {
                open.removeIf(line -> !sendNext(line, band, place, now, round, full));
            }
        }
        return round;
    }

    /// Sends the call whose turn it is. One that avoids endpoints may find none where the next one does.
    ///
    /// @return false if none of the line's calls in this band goes
    private boolean sendNext(
            ModelLine line,
            Band band,
            Function<HoldRequest, Placement> place,
            Instant now,
            Round round,
            Set<ModelLine> full) {
        Turns turns = line.of(band);
        HeldCall first = turns.first();
        if (first == null) {
            return false;
        }
        for (HeldCall call : first.request.avoid().isEmpty() ? List.of(first) : turns.heads()) {
            switch (place.apply(call.request)) {
                case Placement.At at -> {
                    turns.take(call);
                    lines.putLast(model(call), line);
                    left(call, line);
                    round.sent().add(new Sent(call, at));
                    return true;
                }
                case Placement.Nowhere(var why) -> {
                    if (call.request.avoid().isEmpty()) {
                        if (line.note(Shortage.of(why), now)) {
                            round.retimed().addAll(line.all());
                        }
                        full.add(line);
                        return false;
                    }
                }
            }
        }
        return false;
    }

    /// Until when `call`, which waits, may wait: as long as the limits say, counted anew when its model
    /// lacks something else, and never longer than its client lets it.
    Instant deadline(HeldCall call) {
        ModelLine line = line(call);
        Duration time = switch (line.shortage()) {
            case ROOM -> limits.time();
            case ENDPOINTS -> limits.noEndpointTime();
        };
        Instant from = line.since().isAfter(call.since) ? line.since() : call.since;
        Instant byLimit = from.plus(time);
        Duration patience = call.request.patience();
        Instant byClient = patience == null ? Instant.MAX : call.since.plus(patience);
        return byClient.isBefore(byLimit) ? byClient : byLimit;
    }

    /// What `call` waits for.
    Shortage shortage(HeldCall call) {
        return line(call).shortage();
    }

    /// What the calls for `model` wait for; there must be some.
    Shortage shortage(ModelName model) {
        ModelLine line = lines.get(model);
        if (line == null) {
            throw new IllegalStateException("nothing waits for " + model);
        }
        return line.shortage();
    }

    /// True if calls for `model` wait.
    boolean waits(ModelName model) {
        return lines.containsKey(model);
    }

    /// Everything that waits.
    List<HeldCall> all() {
        return lines.values().stream().flatMap(line -> line.all().stream()).toList();
    }

    /// Waiting calls of `band`.
    int calls(Band band) {
        return amounts.getOrDefault(band, Amount.NONE).calls();
    }

    /// Bytes of the waiting calls' bodies in `band`.
    long bytes(Band band) {
        return amounts.getOrDefault(band, Amount.NONE).bytes();
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    private void left(HeldCall call, ModelLine line) {
        count(call, -1);
        if (line.isEmpty()) {
            lines.remove(model(call));
        }
    }

    private void count(HeldCall call, int sign) {
        amounts.merge(
                call.request.band(),
                new Amount(sign, sign * call.request.bytes()),
                (a, b) -> new Amount(a.calls() + b.calls(), a.bytes() + b.bytes()));
    }

    private ModelLine line(HeldCall call) {
        ModelLine line = lines.get(model(call));
        if (line == null) {
            throw new IllegalStateException("the call does not wait");
        }
        return line;
    }

    private static ModelName model(HeldCall call) {
        return call.request.call().model();
    }
}
