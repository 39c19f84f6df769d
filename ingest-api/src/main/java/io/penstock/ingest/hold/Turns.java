package io.penstock.ingest.hold;

import io.penstock.topics.id.TenantId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// The waiting calls of one model and band. Tenants take turns, and within a tenant its fairness ids; of
/// one fairness id whoever came first is first.
final class Turns {
    private final SequencedMap<TenantId, SequencedMap<String, SequencedSet<HeldCall>>> tenants = new LinkedHashMap<>();

    void add(HeldCall call) {
        Flow flow = call.request.flow();
        tenants.computeIfAbsent(flow.tenant(), _ -> new LinkedHashMap<>())
                .computeIfAbsent(flow.fairnessId(), _ -> new LinkedHashSet<>())
                .add(call);
    }

    /// Takes `call` out, without its flow losing its turn. False if it is not there.
    boolean remove(HeldCall call) {
        Flow flow = call.request.flow();
        SequencedMap<String, SequencedSet<HeldCall>> flows = tenants.get(flow.tenant());
        SequencedSet<HeldCall> calls = flows == null ? null : flows.get(flow.fairnessId());
        if (flows == null || calls == null || !calls.remove(call)) {
            return false;
        }
        if (calls.isEmpty()) {
            flows.remove(flow.fairnessId());
        }
        if (flows.isEmpty()) {
            tenants.remove(flow.tenant());
        }
        return true;
    }

    /// Takes `call` out; that was its flow's and its tenant's turn.
    void take(HeldCall call) {
        boolean _ = remove(call);
        Flow flow = call.request.flow();
        SequencedMap<String, SequencedSet<HeldCall>> flows = tenants.get(flow.tenant());
        if (flows != null) {
            toTheEnd(flows, flow.fairnessId());
            toTheEnd(tenants, flow.tenant());
        }
    }

    private static <K, V> void toTheEnd(SequencedMap<K, V> map, K key) {
        V value = map.remove(key);
        if (value != null) {
            map.putLast(key, value);
        }
    }

    /// The call whose turn it is, null if there is none.
    @Nullable
    HeldCall first() {
        return tenants.isEmpty()
                ? null
                : tenants.firstEntry().getValue().firstEntry().getValue().getFirst();
    }

    /// The first call of every flow, in the order of their turns.
    List<HeldCall> heads() {
        return tenants.values().stream()
                .flatMap(flows -> flows.values().stream())
                .map(SequencedSet::getFirst)
                .toList();
    }

    /// Every call.
    List<HeldCall> all() {
        return tenants.values().stream()
                .flatMap(flows -> flows.values().stream())
                .flatMap(SequencedSet::stream)
                .toList();
    }

    boolean isEmpty() {
        return tenants.isEmpty();
    }
}
