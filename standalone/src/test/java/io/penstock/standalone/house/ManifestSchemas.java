package io.penstock.standalone.house;

import io.penstock.standalone.SchemaCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The schemas in `k8s/schemas`: what Kubernetes and the makers of each resource take, reduced to the kinds that the
/// chart renders (`SchemaSources` makes them).
final class ManifestSchemas {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final JsonNode document;
    private final SchemaCheck check;

    /// All of them.
    ManifestSchemas() {
        ObjectNode all = JSON.createObjectNode();
        for (String part : List.of("kinds", "definitions")) {
            ObjectNode merged = all.putObject(part);
            Sources.files(".json").stream()
                    .filter(file -> file.startsWith(SchemaSources.DIRECTORY))
                    .map(file -> JSON.readTree(Sources.text(file)))
                    .forEach(file -> merged.setAll((ObjectNode) file.path(part)));
        }
        document = all;
        check = new SchemaCheck(all);
    }

    /// The documents of a file of YAML; empty ones are left out.
    static List<JsonNode> documents(String yaml) {
        List<JsonNode> documents = new ArrayList<>();
        for (Object one : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
            if (one instanceof Map<?, ?> map) {
                documents.add(JSON.valueToTree(map));
            }
        }
        return documents;
    }

    /// Group, version and kind, such as `apps/v1 Deployment`.
    static String kind(JsonNode manifest) {
        return manifest.path("apiVersion").asString() + " "
                + manifest.path("kind").asString();
    }

    /// What is wrong with each of `manifests`, those of `passedOver` left out.
    List<String> faults(List<JsonNode> manifests, Set<String> passedOver) {
        List<String> faults = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        for (JsonNode manifest : manifests) {
            String kind = kind(manifest);
            String name = kind + " " + manifest.at("/metadata/name").asString();
            if (!names.add(name + manifest.at("/metadata/namespace"))) {
                faults.add(name + " is there twice");
            }
            JsonNode schema = document.path("kinds").path(kind);
            if (!schema.isMissingNode()) {
                faults.addAll(check.faults(schema, manifest, name + ": "));
            } else if (!passedOver.contains(kind)) {
                faults.add(name + " is of a kind without a schema in k8s/schemas");
            }
        }
        return faults;
    }
}
