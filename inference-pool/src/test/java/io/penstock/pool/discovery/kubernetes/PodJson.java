package io.penstock.pool.discovery.kubernetes;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A pod as the API server shows it: Ready, with an address, until told otherwise.
public record PodJson(
        String name,
        String address,
        boolean ready,
        boolean ending,
        Map<String, String> labels,
        Map<String, String> annotations) {
    /// A pod that serves.
    public static PodJson of(String name, String address) {
        return new PodJson(name, address, true, false, Map.of("app", "vllm"), Map.of());
    }

    public PodJson ready(boolean next) {
        return new PodJson(name, address, next, ending, labels, annotations);
    }

    /// The same with a deletion timestamp.
    public PodJson ends() {
        return new PodJson(name, address, ready, true, labels, annotations);
    }

    public PodJson labelled(String key, String value) {
        return new PodJson(name, address, ready, ending, with(labels, key, value), annotations);
    }

    public PodJson annotated(String key, String value) {
        return new PodJson(name, address, ready, ending, labels, with(annotations, key, value));
    }

    private static Map<String, String> with(Map<String, String> map, String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(map);
        more.put(key, value);
        return more;
    }

    /// As JSON.
    public String json() {
        ObjectNode pod = JsonMapper.shared().createObjectNode();
        ObjectNode metadata = pod.putObject("metadata").put("name", name);
        if (ending) {
            metadata.put("deletionTimestamp", "2026-11-23T12:00:00Z");
        }
        ObjectNode shownLabels = metadata.putObject("labels");
        labels.forEach(shownLabels::put);
        ObjectNode shownAnnotations = metadata.putObject("annotations");
        annotations.forEach(shownAnnotations::put);
        ObjectNode status = pod.putObject("status").put("podIP", address);
        status.putArray("conditions")
                .add(JsonMapper.shared()
                        .createObjectNode()
                        .put("type", "Initialized")
                        .put("status", "True"))
                .add(JsonMapper.shared()
                        .createObjectNode()
                        .put("type", "Ready")
                        .put("status", ready ? "True" : "False"));
        return pod.toString();
    }
}
