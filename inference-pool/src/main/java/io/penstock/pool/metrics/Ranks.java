package io.penstock.pool.metrics;

import io.penstock.pool.metrics.Loads.Cache;
import java.util.Map;
import java.util.OptionalDouble;

/// Adds up what the data-parallel ranks behind one server tell. Each has a cache of its own, and the
/// server spreads requests over them: what counts is the cache of all together and the use of all together.
/// One rank that is full closes nothing while others have room.
final class Ranks {
    private Ranks() {}

    /// The sum, empty if no rank tells.
    static OptionalDouble sum(Map<String, Double> byRank) {
        return byRank.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        byRank.values().stream().mapToDouble(value -> value).sum());
    }

    /// The least, empty if no rank tells.
    static OptionalDouble least(Map<String, Double> byRank) {
        return byRank.values().stream().mapToDouble(value -> value).min();
    }

    /// The mean, empty if no rank tells.
    static OptionalDouble mean(Map<String, Double> byRank) {
        return byRank.values().stream().mapToDouble(value -> value).average();
    }

    /// The cache of all ranks: its size, and the mean use weighted by sizes. Where a rank that tells its use
    /// does not tell its size, all weigh the same.
    static Cache cache(Map<String, Double> use, Map<String, Double> tokens) {
        boolean allSizesKnown = use.keySet().stream().allMatch(rank -> tokens.getOrDefault(rank, 0.0) > 0);
        double weights = 0;
        double used = 0;
        for (Map.Entry<String, Double> rank : use.entrySet()) {
            double weight = allSizesKnown ? tokens.getOrDefault(rank.getKey(), 0.0) : 1;
            weights += weight;
            used += weight * rank.getValue();
        }
        return new Cache(
                weights > 0 ? OptionalDouble.of(used / weights) : OptionalDouble.empty(),
                Page.positive(sum(tokens).orElse(0)));
    }
}
