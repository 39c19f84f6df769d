package io.penstock.standalone.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes `k8s/schemas` from what others publish: the OpenAPI document of Kubernetes and definitions of custom
/// resources. Only the kinds that are asked for are kept, and of them only what `SchemaCheck` reads: no
/// descriptions, no defaults, no combinations (`oneOf`, `not`, rules in CEL).
final class SchemaSources {
    static final Path DIRECTORY = Sources.ROOT.resolve("k8s").resolve("schemas");

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String REFERENCE = "#/definitions/";
    private static final String METADATA = REFERENCE + "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
    private static final String QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
    private static final Set<String> KEPT = Set.of(
            "$ref",
            "enum",
            "maxItems",
            "maxLength",
            "maximum",
            "minItems",
            "minLength",
            "minimum",
            "pattern",
            "required",
            "type");

    /// Large parts of a kind that the chart does not use; anything is taken there.
    private static final Set<String> OPEN =
            Set.of("cruiseControl", "kafkaExporter", "template", "maintenanceTimeWindows");

    private final Set<String> kinds;

    /// Of these kinds, each as `ManifestSchemas.kind` has it.
    SchemaSources(Set<String> kinds) {
        this.kinds = kinds;
    }

    /// Writes one file for each folder of `from`, named like it: what is in a `swagger.json` there, or else in the YAML
    /// files. What a file was made from is the text of `SOURCE` in the folder.
    void write(Path from) throws IOException {
        try (Stream<Path> folders = Files.list(from)) {
            for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
                Path swagger = folder.resolve("swagger.json");
                ObjectNode schemas = Files.exists(swagger) ? ofKubernetes(JSON.readTree(swagger)) : ofResources(folder);
                String source = Files.readString(folder.resolve("SOURCE")).strip();
                Files.writeString(DIRECTORY.resolve(folder.getFileName() + ".json"), page(source, schemas));
            }
        }
    }

    private ObjectNode ofKubernetes(JsonNode swagger) {
        ObjectNode schemas = empty();
        Deque<String> wanted = new ArrayDeque<>();
        swagger.path("definitions").properties().forEach(definition -> {
            for (JsonNode id : definition.getValue().path("x-kubernetes-group-version-kind")) {
                String group = id.path("group").asString();
                String kind = (group.isEmpty() ? "" : group + "/")
                        + id.path("version").asString() + " " + id.path("kind").asString();
                if (kinds.contains(kind)) {
                    schemas.withObject("kinds").putObject(kind).put("$ref", REFERENCE + definition.getKey());
                    wanted.add(definition.getKey());
                }
            }
        });
        wanted.add(METADATA.substring(REFERENCE.length()));
        ObjectNode definitions = schemas.withObject("definitions");
        while (!wanted.isEmpty()) {
            String name = wanted.remove();
            if (!definitions.has(name)) {
                ObjectNode reduced = name.equals(QUANTITY)
                        ? either("string", "number")
                        : reduced(swagger.path("definitions").path(name));
                withoutStatus(reduced);
                definitions.set(name, reduced);
                reduced.findValuesAsString("$ref").forEach(to -> wanted.add(to.substring(REFERENCE.length())));
            }
        }
        return schemas;
    }

    private ObjectNode ofResources(Path folder) throws IOException {
        ObjectNode schemas = empty();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            for (JsonNode resource : ManifestSchemas.documents(Files.readString(file))) {
                JsonNode spec = resource.path("spec");
                for (JsonNode version : spec.path("versions")) {
                    String kind = spec.path("group").asString() + "/"
                            + version.path("name").asString() + " "
                            + spec.at("/names/kind").asString();
                    if (kinds.contains(kind)) {
                        ObjectNode schema = reduced(version.at("/schema/openAPIV3Schema"));
                        withoutStatus(schema);
                        ObjectNode properties = schema.withObject("properties");
                        properties.putObject("metadata").put("$ref", METADATA);
                        properties.putObject("apiVersion").put("type", "string");
                        properties.putObject("kind").put("type", "string");
                        schemas.withObject("kinds").set(kind, schema);
                    }
                }
            }
        }
        return schemas;
    }

    private static ObjectNode reduced(JsonNode schema) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean(false)
                || schema.path("format").asString("").equals("int-or-string")) {
            return either("integer", "string");
        }
        ObjectNode reduced = JSON.createObjectNode();
        schema.properties().stream()
                .filter(keyword -> KEPT.contains(keyword.getKey()))
                .forEach(keyword -> reduced.set(keyword.getKey(), keyword.getValue()));
        if (schema.has("properties")) {
            ObjectNode properties = reduced.putObject("properties");
            schema.path("properties")
                    .properties()
                    .forEach(property -> properties.set(
                            property.getKey(),
                            OPEN.contains(property.getKey())
                                            && property.getValue().has("properties")
                                    ? open()
                                    : reduced(property.getValue())));
        }
        if (schema.has("items")) {
            reduced.set("items", reduced(schema.path("items")));
        }
        if (schema.path("additionalProperties").isObject()) {
            reduced.set("additionalProperties", reduced(schema.path("additionalProperties")));
        } else if (isOpen(schema)) {
            reduced.put("additionalProperties", true);
        }
        return reduced;
    }

    /// Kubernetes describes what may hold anything as an object without properties, or not at all.
    private static boolean isOpen(JsonNode schema) {
        boolean undescribed = !schema.has("properties") && !schema.has("$ref");
        return schema.path("x-kubernetes-preserve-unknown-fields").asBoolean(false)
                || schema.path("additionalProperties").asBoolean(false)
                || (undescribed && schema.path("type").asString("object").equals("object"));
    }

    private static ObjectNode open() {
        return JSON.createObjectNode().put("additionalProperties", true);
    }

    private static ObjectNode either(String one, String other) {
        ObjectNode either = JSON.createObjectNode();
        either.putArray("type").add(one).add(other);
        return either;
    }

    private static void withoutStatus(ObjectNode schema) {
        if (schema.path("properties").has("spec")) {
            schema.withObject("properties").remove("status");
            if (schema.path("required") instanceof ArrayNode required) {
                required.removeIf(name -> name.asString().equals("status"));
            }
        }
    }

    private static ObjectNode empty() {
        ObjectNode schemas = JSON.createObjectNode();
        schemas.putObject("kinds");
        schemas.putObject("definitions");
        return schemas;
    }

    /// A line for each kind and each definition.
    private static String page(String source, ObjectNode schemas) {
        StringBuilder page = new StringBuilder("{\n\"source\": " + JSON.writeValueAsString(source));
        for (String part : List.of("kinds", "definitions")) {
            page.append(",\n\"").append(part).append("\": {");
            String separator = "\n";
            Map<String, JsonNode> sorted = new TreeMap<>();
            schemas.path(part).properties().forEach(one -> sorted.put(one.getKey(), one.getValue()));
            for (Map.Entry<String, JsonNode> one : sorted.entrySet()) {
                page.append(separator)
                        .append('"')
                        .append(one.getKey())
                        .append("\": ")
                        .append(one.getValue());
                separator = ",\n";
            }
            page.append("\n}");
        }
        return page.append("\n}\n").toString();
    }
}
