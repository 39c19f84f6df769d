package io.penstock.topics.manifest;

import io.penstock.topics.id.PoolName;
import io.penstock.topics.record.PoolSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An InferencePool, in the shape of `v1` (`selector.matchLabels`, `targetPorts`) or the older one of
/// `v1alpha2` (`selector` itself, `targetPortNumber`).
final class PoolDocument {
    private static final int PORTS_MAX = 8;
    private static final int PORT_MAX = 65_535;

    private PoolDocument() {}

    static @Nullable Manifest read(Fields document) {
        Metadata metadata = Metadata.read(document);
        document.require("spec");
        Fields spec = document.mapping("spec");
        document.warnOfTheRest();
        if (spec == null) {
            return null;
        }
        // Who picks endpoints is Penstock's own business here.
        spec.ignore("endpointPickerRef", "extensionRef", "appProtocol");
        Map<String, String> selector = selector(spec);
        List<Integer> ports = ports(spec);
        spec.warnOfTheRest();
        PoolName name = metadata == null ? null : name(metadata, document);
        return metadata == null || name == null
                ? null
                : new Manifest.OfPool(new PoolSpec(name, metadata.namespace(), selector, ports));
    }

    private static @Nullable PoolName name(Metadata metadata, Fields document) {
        try {
            return new PoolName(metadata.name());
        } catch (IllegalArgumentException e) {
            document.error("metadata", "name is not valid: " + e.getMessage());
            return null;
        }
    }

    private static Map<String, String> selector(Fields spec) {
        spec.require("selector");
        Fields selector = spec.mapping("selector");
        if (selector == null) {
            return Map.of();
        }
        Map<String, String> labels =
                selector.has("matchLabels") ? selector.texts("matchLabels") : spec.texts("selector");
        if (selector.has("matchLabels")) {
            selector.refuseTheRest();
        }
        if (labels.isEmpty()) {
            spec.error("selector", "must name at least one label");
        }
        return labels;
    }

    private static List<Integer> ports(Fields spec) {
        Integer one = spec.whole("targetPortNumber", 1, PORT_MAX);
        List<Integer> several = spec.mappings("targetPorts", PORTS_MAX).stream()
                .map(PoolDocument::port)
                .filter(Objects::nonNull)
                .toList();
        List<Integer> ports =
                Stream.concat(Stream.ofNullable(one), several.stream()).toList();
        if (!spec.has("targetPortNumber") && !spec.has("targetPorts")) {
            spec.error("targetPorts", "must have 1 to " + PORTS_MAX + " entries");
        }
        if (ports.stream().distinct().count() < ports.size()) {
            spec.error("targetPorts", "must each be another port, but were " + ports);
        }
        return ports;
    }

    private static @Nullable Integer port(Fields port) {
        port.require("number");
        Integer number = port.whole("number", 1, PORT_MAX);
        port.warnOfTheRest();
        return number;
    }
}
