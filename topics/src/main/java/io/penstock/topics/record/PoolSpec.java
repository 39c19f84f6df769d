package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.id.PoolName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the engines of a pool are (Kubernetes: InferencePool): pods that carry all labels of
/// `selector`, each of whose `ports` is an endpoint of its own. `namespace` is its document's, null if
/// that names none.
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PoolSpec(PoolName name, @Nullable String namespace, Map<String, String> selector, List<Integer> ports) {
    public PoolSpec {
        selector = selector == null ? Map.of() : Map.copyOf(selector);
        ports = ports == null ? List.of() : List.copyOf(ports);
    }
}
