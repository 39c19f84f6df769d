package io.penstock.pool.discovery.kubernetes;

import io.penstock.pool.Endpoint;
import io.penstock.pool.EngineAddress;
import io.penstock.pool.discovery.EngineSource;
import io.penstock.pool.discovery.PodPorts;
import io.penstock.pool.metrics.EngineType;
import io.penstock.topics.id.EndpointId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What discovery needs to know of a pod. `address` is null before it has one. `ready` says that it is
/// Ready and not about to end. `activePorts` are those of its ports that serve, null for all of them, and
/// `engineType` is what its label says of the engine, null if nothing.
record Pod(
        String name,
        @Nullable String address,
        boolean ready,
        @Nullable Set<Integer> activePorts,
        @Nullable String engineType) {
    /// The families of annotations and labels, the newer one first.
    private static final List<String> FAMILIES = List.of("llm-d.ai/", "inference.networking.k8s.io/");

    private static final int ID_MAX = 256;

    static Pod read(JsonNode pod) {
        JsonNode metadata = pod.path("metadata");
        JsonNode status = pod.path("status");
        String address = status.path("podIP").asString("");
        String ports = said(metadata, "active-ports");
        return new Pod(
                metadata.path("name").asString(""),
                address.isEmpty() ? null : address,
                isReady(status) && metadata.path("deletionTimestamp").isMissingNode(),
                ports == null ? null : numbers(ports),
                said(metadata, "engine-type"));
    }

    private static boolean isReady(JsonNode status) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asString("").equals("Ready")) {
                return condition.path("status").asString("").equals("True");
            }
        }
        return false;
    }

    private static @Nullable String said(JsonNode metadata, String key) {
        for (String family : FAMILIES) {
            for (String where : List.of("annotations", "labels")) {
                JsonNode value = metadata.path(where).path(family + key);
                if (value.isString()) {
                    return value.asString().strip();
                }
            }
        }
        return null;
    }

    /// The numbers of a comma-separated list; what is none is passed over, as endpoint pickers do.
    private static Set<Integer> numbers(String list) {
        return Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(number -> number.matches("\\d{1,5}"))
                .map(Integer::valueOf)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Its endpoints at those of `ports` that serve: each is `<pod>-rank-<i>`, by its place among `ports`,
    /// and its address, since a pod of a StatefulSet comes back under its name. A pod's word about its
    /// engine's type goes before that of `source`.
    List<Endpoint> endpoints(EngineSource.Pods source, PodPorts ports) {
        List<Endpoint> endpoints = new ArrayList<>();
        if (!ready || address == null) {
            return endpoints;
        }
        EngineAddress like =
                engineType == null ? source.address() : source.address().as(type(engineType));
        for (int rank = 0; rank < ports.numbers().size(); rank++) {
            int port = ports.numbers().get(rank);
            if (activePorts == null || activePorts.contains(port)) {
                String place = (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
                String http = source.scheme() + "://" + place;
                endpoints.add(like.endpoint(id(name + "-rank-" + rank + "@" + place, http), http));
            }
        }
        return endpoints;
    }

    private static EndpointId id(String named, String address) {
        return new EndpointId(named.length() > ID_MAX ? address : named);
    }

    /// An engine of a type that we do not know is asked for nothing but health and models.
    private static EngineType type(String name) {
        try {
            return EngineType.named(name);
        } catch (IllegalArgumentException _) {
            return EngineType.GENERIC;
        }
    }
}
