package io.penstock.pool.discovery.kubernetes;

import io.penstock.pool.discovery.PodPorts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// What discovery needs to know of an InferencePool (`inference.networking.k8s.io/v1`): the label selector
/// of its pods, and its ports. `problem` is what keeps it from being used, empty if nothing does.
record InferencePool(String name, String selector, List<Integer> ports, String problem) {
    InferencePool {
        ports = List.copyOf(ports);
    }

    static InferencePool read(JsonNode pool) {
        String name = pool.path("metadata").path("name").asString("");
        JsonNode spec = pool.path("spec");
        Map<String, String> labels = new TreeMap<>();
        spec.path("selector")
                .path("matchLabels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asString("")));
        List<Integer> ports = new ArrayList<>();
        spec.path("targetPorts").forEach(port -> ports.add(port.path("number").asInt(0)));
        String selector = labels.entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
        return new InferencePool(name, selector, ports, problem(selector, ports));
    }

    private static String problem(String selector, List<Integer> ports) {
        if (selector.isEmpty()) {
            return "its selector.matchLabels is empty";
        }
        try {
            PodPorts _ = new PodPorts(ports);
            return "";
        } catch (IllegalArgumentException e) {
            return "its targetPorts are not valid: " + e.getMessage();
        }
    }
}
