package io.penstock.router.ledger.lane;

import io.penstock.router.ledger.store.KeyedStore;
import io.penstock.router.ledger.store.Table;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.record.Request;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All lanes of a task, and the backlogs in them. What is written down is each entry and, once per step,
/// the sums of the backlogs that changed; so recovery reads one record per backlog, however long they
/// are.
public final class Lanes {
    private final Table<LaneEntry> entries;
    private final Table<Backlog.Sums> sums;
    private final Weights weights;
    private final BatchRules rules;
    private final Map<PoolName, PoolLanes> pools = new HashMap<>();
    private final Map<BacklogKey, Backlog> backlogs = new HashMap<>();
    private final Map<BatchId, Set<Backlog>> ofBatch = new HashMap<>();
    private final Set<Backlog> changed = new LinkedHashSet<>();
    private Heads heads = new Heads();

    public Lanes(KeyedStore store, Weights weights, BatchRules rules) {
        this.entries = new Table<>(store, "lane", LaneEntry.class);
        this.sums = new Table<>(store, "backlog", Backlog.Sums.class);
        this.weights = weights;
        this.rules = rules;
    }

    /// What commands say of a batch: whether it is held back, where it waits, and until when it may.
    public interface BatchRules {
        boolean isPaused(@Nullable BatchId batch);

        /// The band of its requests that were tagged with `tagged`.
        Band band(@Nullable BatchId batch, Band tagged);

        /// Its extended deadline in milliseconds since 1970, 0 if it was not extended.
        long extendedMs(@Nullable BatchId batch);
    }

    /// Reads which backlogs there are; to be called once before anything else, after the rules are
    /// known.
    public void recover() {
        pools.clear();
        backlogs.clear();
        ofBatch.clear();
        changed.clear();
        heads = new Heads();
        sums.forEach((text, known) -> {
            Backlog backlog = new Backlog(entries, heads, BacklogKey.parse(text), known);
            hold(backlog);
            apply(backlog);
            laneOf(backlog).changed(backlog);
        });
    }

    public PoolLanes of(PoolName pool) {
        return pools.computeIfAbsent(pool, name -> new PoolLanes(name, weights));
    }

    public Collection<PoolLanes> pools() {
        return pools.values();
    }

    /// Every backlog that is not empty.
    public Collection<Backlog> backlogs() {
        return backlogs.values();
    }

    /// The backlogs of `batch`.
    public Collection<Backlog> of(BatchId batch) {
        return ofBatch.getOrDefault(batch, Set.of());
    }

    /// The backlog `request` is in, or would be; null if that is empty.
    public @Nullable Backlog backlogOf(Request request) {
        return backlogs.get(BacklogKey.of(request));
    }

    /// The lane `request` is in, or would be if it were pending.
    public Lane laneOf(Request request) {
        Band band = rules.band(request.id().batch(), request.tag().band());
        return of(request.tag().pool()).of(band);
    }

    public Lane laneOf(Backlog backlog) {
        return of(backlog.key().pool())
                .of(rules.band(backlog.key().batch(), backlog.key().band()));
    }

    public void add(Request request, LaneEntry entry) {
        BacklogKey key = BacklogKey.of(request);
        Backlog backlog = backlogs.get(key);
        if (backlog == null) {
            backlog = new Backlog(entries, heads, key, null);
            hold(backlog);
            apply(backlog);
        }
        backlog.add(entry);
        noted(backlog);
    }

    public void remove(Request request, LaneEntry entry) {
        Backlog backlog =
                Objects.requireNonNull(backlogs.get(BacklogKey.of(request)), "a pending request is in a backlog");
        backlog.remove(entry);
        noted(backlog);
        if (backlog.depth() == 0) {
            drop(backlog);
        }
    }

    /// Lets a change of the rules of `batch`, made by `change`, take effect.
    public void redirect(BatchId batch, Runnable change) {
        List<Backlog> affected = List.copyOf(of(batch));
        affected.forEach(backlog -> laneOf(backlog).delist(backlog));
        change.run();
        affected.forEach(backlog -> {
            apply(backlog);
            laneOf(backlog).changed(backlog);
        });
    }

    /// Entries held in memory; all of them are in the store.
    public int held() {
        return heads.held();
    }

    /// Writes the sums of what has changed since the last time, and lets go of entries nobody looked at for
    /// long.
    public void flush() {
        changed.forEach(backlog -> backlog.write(sums));
        changed.clear();
        heads.trim();
    }

    private void noted(Backlog backlog) {
        changed.add(backlog);
        laneOf(backlog).changed(backlog);
    }

    private void apply(Backlog backlog) {
        BatchId batch = backlog.key().batch();
        backlog.pause(rules.isPaused(batch));
        backlog.extend(rules.extendedMs(batch));
    }

    private void hold(Backlog backlog) {
        backlogs.put(backlog.key(), backlog);
        BatchId batch = backlog.key().batch();
        if (batch != null) {
            ofBatch.computeIfAbsent(batch, id -> new HashSet<>()).add(backlog);
        }
    }

    private void drop(Backlog backlog) {
        backlogs.remove(backlog.key());
        BatchId batch = backlog.key().batch();
        if (batch != null) {
            ofBatch.computeIfPresent(batch, (id, held) -> {
                held.remove(backlog);
                return held.isEmpty() ? null : held;
            });
        }
    }
}
