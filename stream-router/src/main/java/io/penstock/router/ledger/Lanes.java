package io.penstock.router.ledger;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.record.Tag;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// All lanes of a task, one per (pool, band).
final class Lanes {
    private final Table<LaneEntry> table;
    private final Map<Key, Lane> lanes = new HashMap<>();

    Lanes(KeyedStore store) {
        this.table = new Table<>(store, "lane", LaneEntry.class);
    }

    /// Counts what the store holds; to be called once before anything else.
    void recover() {
        lanes.clear();
        Map<Key, Integer> depths = new HashMap<>();
        table.forEach((key, entry) -> depths.merge(Key.parse(key), 1, Integer::sum));
        depths.forEach((key, depth) -> lanes.put(key, new Lane(table, key.start(), depth)));
    }

    Lane of(PoolName pool, Band band) {
        return lanes.computeIfAbsent(new Key(pool, band), key -> new Lane(table, key.start(), 0));
    }

    /// The lane that request `row` belongs to.
    Lane of(Row row) {
        Tag tag = row.request().tag();
        return of(tag.pool(), tag.band());
    }

    void report(LedgerMetrics metrics, Instant now) {
        lanes.forEach((key, lane) -> {
            LaneEntry oldest = lane.oldest();
            long ageMs = oldest == null ? 0 : Math.max(0, now.toEpochMilli() - oldest.acceptedAtMs());
            metrics.lane(key.pool(), key.band(), lane.depth(), Duration.ofMillis(ageMs));
        });
    }

    private record Key(PoolName pool, Band band) {
        static Key parse(String key) {
            String[] parts = key.split(" ", 3);
            return new Key(new PoolName(parts[0]), Band.parse(parts[1]));
        }

        String start() {
            return pool + " " + band.wireName() + " ";
        }
    }
}
