package io.penstock.topics.record;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.PoolName;
import java.time.Instant;

/// How a lane stands, told once a second while anything changes.
///
/// Costs are in fair-share tokens (`Cost.fairShare`: prompt + 2 × output), by estimate.
///
/// @param pending requests waiting for a pull, paused ones and those backing off not counted
/// @param pendingCost their cost
/// @param running requests assigned to workers
/// @param flows tenants that have something pending
/// @param costPerSecond cost that ended per second, averaged over about a minute; 0 if nothing has
/// @param atRisk pending requests expected to miss their deadline at this rate
public record LaneStatus(
        PoolName pool,
        Band band,
        long pending,
        long pendingCost,
        long running,
        int flows,
        double costPerSecond,
        long atRisk,
        Instant at) {
    /// The key of a lane's record.
    public static String key(PoolName pool, Band band) {
        return pool + " " + band.wireName();
    }
}
