package io.penstock.ingest.hold;

import io.penstock.topics.id.Band;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The calls that wait for one model, and why they do.
final class ModelLine {
    private final Map<Band, Turns> bands = new EnumMap<>(Band.class);
    private Shortage shortage;
    private Instant since;

    ModelLine(Shortage shortage, Instant since) {
        this.shortage = shortage;
        this.since = since;
        for (Band band : Band.values()) {
            bands.put(band, new Turns());
        }
    }

    Turns of(Band band) {
        return bands.getOrDefault(band, new Turns());
    }

    Shortage shortage() {
        return shortage;
    }

    /// Since when it is this shortage.
    Instant since() {
        return since;
    }

    /// Takes note of what is short at `now`; true if that is something else than before.
    boolean note(Shortage found, Instant now) {
        if (found == shortage) {
            return false;
        }
        shortage = found;
        since = now;
        return true;
    }

    List<HeldCall> all() {
        return bands.values().stream().flatMap(turns -> turns.all().stream()).toList();
    }

    boolean isEmpty() {
        return bands.values().stream().allMatch(Turns::isEmpty);
    }
}
