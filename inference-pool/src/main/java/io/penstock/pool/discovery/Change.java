package io.penstock.pool.discovery;

import io.penstock.pool.Endpoint;
import io.penstock.topics.id.EndpointId;
import java.util.List;
import java.util.Map;

/// Endpoints that have gone and come since the last account; to be taken in this order. One that is
/// described otherwise than before (another type, say) has gone and come.
public record Change(List<Endpoint> removed, List<Endpoint> added) {
    public Change {
        removed = List.copyOf(removed);
        added = List.copyOf(added);
    }

    /// What leads from `before` to `after`.
    static Change between(Map<EndpointId, Endpoint> before, Map<EndpointId, Endpoint> after) {
        return new Change(missing(before, after), missing(after, before));
    }

    private static List<Endpoint> missing(Map<EndpointId, Endpoint> of, Map<EndpointId, Endpoint> in) {
        return of.values().stream()
                .filter(endpoint -> !endpoint.equals(in.get(endpoint.id())))
                .toList();
    }

    boolean isEmpty() {
        return removed.isEmpty() && added.isEmpty();
    }
}
