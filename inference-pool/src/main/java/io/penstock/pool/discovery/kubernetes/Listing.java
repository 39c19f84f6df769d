package io.penstock.pool.discovery.kubernetes;

import java.util.Map;

/// Which objects are listed and watched: the collection's path on the API server, such as
/// `api/v1/namespaces/ml/pods`, and the parameters that select among them.
record Listing(String path, Map<String, String> selection) {
    Listing {
        selection = Map.copyOf(selection);
    }

    static Listing pods(String namespace, String labelSelector) {
        return new Listing("api/v1/namespaces/" + namespace + "/pods", Map.of("labelSelector", labelSelector));
    }

    static Listing inferencePool(String namespace, String name) {
        return new Listing(
                "apis/inference.networking.k8s.io/v1/namespaces/" + namespace + "/inferencepools",
                Map.of("fieldSelector", "metadata.name=" + name));
    }
}
