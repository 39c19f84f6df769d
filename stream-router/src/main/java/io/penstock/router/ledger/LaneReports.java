package io.penstock.router.ledger;

import io.penstock.router.ledger.lane.Backlog;
import io.penstock.router.ledger.lane.Lane;
import io.penstock.router.ledger.lane.Lanes;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.record.LaneStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Tells once a second how the lanes stand, as far as that has changed.
final class LaneReports {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Lanes lanes;
    private final Map<String, LaneStatus> told = new HashMap<>();
    private Instant due = Instant.MIN;

    LaneReports(Lanes lanes) {
        this.lanes = lanes;
    }

    /// Time has passed: returns what is to be told.
    List<LaneStatus> tick(LedgerMetrics metrics, Instant now) {
        if (now.isBefore(due)) {
            return List.of();
        }
        due = now.plus(INTERVAL);
        Map<Lane, List<Backlog>> byLane = new HashMap<>();
        lanes.pools().forEach(pool -> {
            for (Band band : Band.values()) {
                byLane.put(pool.of(band), new ArrayList<>());
            }
        });
        lanes.backlogs()
                .forEach(backlog -> byLane.computeIfAbsent(lanes.laneOf(backlog), lane -> new ArrayList<>())
                        .add(backlog));
        List<LaneStatus> changed = new ArrayList<>();
        byLane.forEach((lane, backlogs) -> {
            LaneStatus status = status(lane, backlogs, now);
            lane.meter().tick(now, status.pending() > 0);
            lane.prune(now);
            metrics.lane(status, oldest(backlogs, now));
            if (isNews(status)) {
                changed.add(status);
            }
        });
        return changed;
    }

    private static LaneStatus status(Lane lane, List<Backlog> backlogs, Instant now) {
        PoolName pool = lane.pool();
        int flows = lane.flows().size();
        double rate = lane.meter().costPerSecond();
        long pending = 0;
        long cost = 0;
        for (Backlog backlog : backlogs) {
            pending += backlog.isPaused() ? 0 : backlog.depth();
            cost += backlog.isPaused() ? 0 : backlog.cost();
        }
        long atRisk = 0;
        for (Backlog backlog : backlogs) {
            double seconds = rate == 0 ? 0 : Math.min((double) cost, (double) backlog.cost() * flows) / rate;
            boolean late = now.toEpochMilli() + seconds * 1000 > backlog.deadlineMs();
            atRisk += late && !backlog.isPaused() ? backlog.depth() : 0;
        }
        return new LaneStatus(pool, lane.band(), pending, cost, lane.meter().running(), flows, rate, atRisk, now);
    }

    private static Duration oldest(List<Backlog> backlogs, Instant now) {
        long oldest = now.toEpochMilli();
        for (Backlog backlog : backlogs) {
            oldest = Math.min(oldest, backlog.oldestMs());
        }
        return Duration.ofMillis(now.toEpochMilli() - oldest);
    }

    private boolean isNews(LaneStatus status) {
        String key = LaneStatus.key(status.pool(), status.band());
        LaneStatus last = told.get(key);
        LaneStatus undated = new LaneStatus(
                status.pool(),
                status.band(),
                status.pending(),
                status.pendingCost(),
                status.running(),
                status.flows(),
                status.costPerSecond(),
                status.atRisk(),
                Instant.EPOCH);
        boolean idle = status.pending() + status.running() == 0 && status.costPerSecond() == 0;
        if (undated.equals(last) || (last == null && idle)) {
            return false;
        }
        told.put(key, undated);
        return true;
    }
}
