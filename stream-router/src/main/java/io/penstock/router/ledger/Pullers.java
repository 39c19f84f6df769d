package io.penstock.router.ledger;

import io.penstock.router.ledger.store.KeyedStore;
import io.penstock.router.ledger.store.Table;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Puller;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All pullers of a task, in memory and, once per step, in the store.
final class Pullers {
    private final Table<PullerAccount.State> table;
    private final Tickets tickets;
    private final Map<String, PullerAccount> byKey = new TreeMap<>();
    private final Map<PoolName, Map<String, PullerAccount>> byPool = new HashMap<>();
    private final Map<String, PullerAccount> changed = new LinkedHashMap<>();

    Pullers(KeyedStore store) {
        this.table = new Table<>(store, "puller", PullerAccount.State.class);
        this.tickets = new Tickets(store);
    }

    /// Reads what the store holds; to be called once before anything else.
    void recover() {
        byKey.clear();
        byPool.clear();
        changed.clear();
        table.forEach((key, state) -> hold(new PullerAccount(state)));
        tickets.forEach((key, number, entry) -> {
            PullerAccount puller = byKey.get(key);
            if (puller != null) {
                puller.give(number, entry.need(), entry.id() != null);
            }
        });
    }

    @Nullable
    PullerAccount get(Puller puller) {
        return byKey.get(puller.key());
    }

    /// The pullers of `pool`, in a fixed order.
    Collection<PullerAccount> of(PoolName pool) {
        return byPool.getOrDefault(pool, Map.of()).values();
    }

    List<PullerAccount> all() {
        return List.copyOf(byKey.values());
    }

    /// True if another life of the same worker at the same endpoint is heard of.
    boolean isReplaced(PullerAccount puller) {
        return otherLives(puller.puller()).stream()
                .anyMatch(other -> other.standing() == PullerAccount.Standing.ACTIVE);
    }

    /// Other lives of the same worker at the same endpoint that are not yet retired.
    List<PullerAccount> otherLives(Puller now) {
        return byKey.values().stream()
                .filter(other -> other.standing() != PullerAccount.Standing.RETIRED)
                .filter(other -> other.puller().worker().equals(now.worker())
                        && other.puller().endpoint().equals(now.endpoint())
                        && !other.puller().incarnation().equals(now.incarnation()))
                .toList();
    }

    void open(Pull pull) {
        PullerAccount puller = PullerAccount.opened(pull);
        hold(puller);
        changed.put(puller.key(), puller);
    }

    void hear(PullerAccount puller, Pull pull) {
        long seenBefore = puller.pull().asOfTicket();
        if (!puller.pull().pool().equals(pull.pool())) {
            byPool.getOrDefault(puller.pull().pool(), new TreeMap<>()).remove(puller.key());
        }
        puller.hear(pull);
        hold(puller);
        changed.put(puller.key(), puller);
        if (pull.asOfTicket() > seenBefore && puller.hasSeenEnded()) {
            tickets.seen(puller.puller(), seenBefore + 1, pull.asOfTicket());
        }
    }

    void become(PullerAccount puller, PullerAccount.Standing standing) {
        puller.become(standing);
        changed.put(puller.key(), puller);
    }

    /// Gives `id`, in assignment `to`, to its puller.
    void give(Assignment to, RequestId id, long need) {
        tickets.issue(to, id, need);
        PullerAccount puller = get(to.puller());
        if (puller != null) {
            puller.give(to.ticket(), need, true);
            changed.put(puller.key(), puller);
        }
    }

    /// The request of `of` has left its puller.
    void release(Assignment of) {
        PullerAccount puller = get(of.puller());
        boolean hasYetToSee = puller != null && of.ticket() > puller.pull().asOfTicket();
        tickets.release(of, hasYetToSee);
        if (puller != null) {
            puller.release(hasYetToSee);
        }
    }

    /// Up to `limit` requests that `puller` holds.
    List<RequestId> heldBy(Puller puller, int limit) {
        return tickets.heldBy(puller, limit);
    }

    /// Forgets a puller that holds nothing.
    void forget(PullerAccount puller) {
        tickets.seen(puller.puller(), 0, puller.lastTicket());
        byKey.remove(puller.key());
        byPool.getOrDefault(puller.pull().pool(), new TreeMap<>()).remove(puller.key());
        changed.remove(puller.key());
        table.delete(puller.key());
    }

    /// Writes what has changed since the last time.
    void flush() {
        changed.forEach((key, puller) -> table.put(key, puller.state()));
        changed.clear();
    }

    private void hold(PullerAccount puller) {
        byKey.put(puller.key(), puller);
        byPool.computeIfAbsent(puller.pull().pool(), p -> new TreeMap<>()).put(puller.key(), puller);
    }
}
