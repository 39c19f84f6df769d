package io.penstock.router.ledger;

import io.penstock.topics.id.PoolName;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Puller;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// All pullers of a task, in memory and, once per step, in the store.
final class Pullers {
    private final Table<PullerState> table;
    private final Map<String, PullerState> byKey = new HashMap<>();
    private final Map<PoolName, TreeSet<String>> byPool = new HashMap<>();
    private final Set<String> changed = new LinkedHashSet<>();

    Pullers(KeyedStore store) {
        this.table = new Table<>(store, "puller", PullerState.class);
    }

    /// Reads what the store holds; to be called once before anything else.
    void recover() {
        byKey.clear();
        byPool.clear();
        changed.clear();
        table.forEach((key, puller) -> hold(puller));
    }

    @Nullable PullerState get(Puller puller) {
        return byKey.get(puller.key());
    }

    /// The pullers of `pool`, in a fixed order.
    List<PullerState> of(PoolName pool) {
        return byPool.getOrDefault(pool, new TreeSet<>()).stream()
                .map(this::known)
                .toList();
    }

    List<PullerState> all() {
        return List.copyOf(byKey.values());
    }

    /// Former lives of the same worker at the same endpoint that are not yet retired.
    List<PullerState> formerLives(Pull pull) {
        Puller now = pull.puller();
        return byKey.values().stream()
                .filter(other -> other.standing() != PullerState.Standing.RETIRED)
                .filter(other -> other.pull().puller().worker().equals(now.worker())
                        && other.pull().puller().endpoint().equals(now.endpoint())
                        && !other.pull().puller().incarnation().equals(now.incarnation()))
                .toList();
    }

    void put(PullerState puller) {
        hold(puller);
        changed.add(puller.key());
    }

    /// Notes that a ticket of `puller` is no longer live.
    void released(Puller puller) {
        PullerState state = get(puller);
        if (state != null) {
            put(state.released());
        }
    }

    void forget(PullerState puller) {
        byKey.remove(puller.key());
        byPool.getOrDefault(puller.pull().pool(), new TreeSet<>()).remove(puller.key());
        changed.remove(puller.key());
        table.delete(puller.key());
    }

    /// Writes what has changed since the last time.
    void flush() {
        for (String key : changed) {
            table.put(key, known(key));
        }
        changed.clear();
    }

    private void hold(PullerState puller) {
        PullerState before = byKey.put(puller.key(), puller);
        PoolName pool = puller.pull().pool();
        if (before != null && !before.pull().pool().equals(pool)) {
            byPool.getOrDefault(before.pull().pool(), new TreeSet<>()).remove(puller.key());
        }
        byPool.computeIfAbsent(pool, p -> new TreeSet<>()).add(puller.key());
    }

    private PullerState known(String key) {
        PullerState puller = byKey.get(key);
        if (puller == null) {
            throw new IllegalStateException("puller " + key + " is listed but not held");
        }
        return puller;
    }
}
