package io.penstock.pool.discovery;

import io.penstock.pool.Endpoint;
import io.penstock.topics.id.EndpointId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The endpoints of all sources together: each once, however many sources name it, and `max` at most. Who
/// is in stays in; what does not fit is refused until there is room. Not thread-safe.
final class Roster {
    private final int max;
    private final Map<EngineSource, Map<EndpointId, Endpoint>> said = new LinkedHashMap<>();
    private Map<EndpointId, Known> known = Map.of();

    private record Known(EngineSource source, Endpoint endpoint) {}

    Roster(int max) {
        this.max = max;
    }

    /// Takes in all that `source` has now; returns what that changes.
    Change say(EngineSource source, List<Endpoint> endpoints) {
        Map<EndpointId, Endpoint> its = new LinkedHashMap<>();
        endpoints.forEach(endpoint -> its.putIfAbsent(endpoint.id(), endpoint));
        said.put(source, its);
        Map<EndpointId, Known> next = new LinkedHashMap<>();
        known.forEach((id, member) -> {
            Endpoint still = said.getOrDefault(member.source(), Map.of()).get(id);
            if (still != null) {
                next.put(id, new Known(member.source(), still));
            }
        });
        said.forEach((from, all) -> all.forEach((id, endpoint) -> {
            if (next.size() < max) {
                next.putIfAbsent(id, new Known(from, endpoint));
            }
        }));
        Change change = Change.between(endpoints(known), endpoints(next));
        known = next;
        return change;
    }

    /// Those in the roster that `source` brought.
    Set<EndpointId> of(EngineSource source) {
        return known.entrySet().stream()
                .filter(member -> member.getValue().source().equals(source))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// How many that `source` names are not in the roster.
    int refused(EngineSource source) {
        return (int) said.getOrDefault(source, Map.of()).keySet().stream()
                .filter(id -> !known.containsKey(id))
                .count();
    }

    private static Map<EndpointId, Endpoint> endpoints(Map<EndpointId, Known> members) {
        Map<EndpointId, Endpoint> endpoints = new LinkedHashMap<>();
        members.forEach((id, member) -> endpoints.put(id, member.endpoint()));
        return endpoints;
    }
}
