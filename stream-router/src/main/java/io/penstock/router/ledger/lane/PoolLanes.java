package io.penstock.router.ledger.lane;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.PoolName;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The three lanes of a pool, and which endpoint last ran each prefix group.
public final class PoolLanes {
    /// Prefix groups remembered, oldest use forgotten first: about 100 bytes each.
    private static final int PREFIXES_MAX = 4096;

    private final Map<Band, Lane> lanes = new EnumMap<>(Band.class);
    private final Map<Integer, String> lastRan = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, String> eldest) {
            return size() > PREFIXES_MAX;
        }
    };

    PoolLanes(PoolName pool, Weights weights) {
        for (Band band : Band.values()) {
            lanes.put(band, new Lane(pool, band, weights));
        }
    }

    /// The lane of `band`.
    public Lane of(Band band) {
        return Objects.requireNonNull(lanes.get(band), "every band has a lane");
    }

    Collection<Lane> all() {
        return lanes.values();
    }

    /// The key of the puller that last ran a request of group `prefix`, null if none is remembered.
    public @Nullable String lastRan(int prefix) {
        return prefix == 0 ? null : lastRan.get(prefix);
    }

    /// A request of group `prefix` has failed at the puller with key `pullerKey`: the group is drawn there no
    /// more.
    public void failed(int prefix, String pullerKey) {
        lastRan.remove(prefix, pullerKey);
    }

    /// Carries out a pick: its flow is charged, those it overtakes are counted, the lanes below are owed their share.
    public Charge take(FairShare.Pick pick, String pullerKey, double minimumShare, Instant now) {
        LaneEntry entry = pick.entry();
        Lane lane = pick.lane();
        pick.passed().forEach(Backlog::overtake);
        Charge charge = lane.charge(pick.backlog().key(), entry.cost(), pick.models(), now);
        if (pick.outOfTurn()) {
            lane.paid(entry.cost());
        } else {
            double due = entry.cost() * minimumShare / (1 - minimumShare);
            lanes.forEach((band, lower) -> {
                if (band.compareTo(lane.band()) > 0) {
                    lower.owe(due);
                }
            });
        }
        if (entry.prefix() != 0) {
            lastRan.put(entry.prefix(), pullerKey);
        }
        return charge;
    }
}
