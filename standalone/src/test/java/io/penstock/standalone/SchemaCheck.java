package io.penstock.standalone;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Holds values against the schemas of an OpenAPI document: types, constants, enumerations, patterns, bounds,
/// required and, unless a schema is open, unknown properties. Other keywords are passed over.
public record SchemaCheck(JsonNode document) {
    /// What is wrong with `value`; empty if it is as `schema` says.
    public List<String> faults(JsonNode schema, JsonNode value, String at) {
        List<String> faults = new ArrayList<>();
        if (schema.has("$ref")) {
            return faults(document.at(schema.get("$ref").asString().substring(1)), value, at);
        }
        if (schema.has("anyOf")) {
            List<List<String>> each = schema.get("anyOf")
                    .valueStream()
                    .map(one -> faults(one, value, at))
                    .toList();
            return each.stream().anyMatch(List::isEmpty) ? faults : each.getFirst();
        }
        if (schema.has("type") && !types(schema.get("type")).contains(typeOf(value))) {
            if (!(types(schema.get("type")).contains("number") && value.isNumber())) {
                faults.add(at + " is " + typeOf(value) + ", not " + schema.get("type"));
                return faults;
            }
        }
        if (schema.has("const") && !schema.get("const").equals(value)) {
            faults.add(at + " is " + value + ", not " + schema.get("const"));
        }
        if (schema.has("enum") && schema.get("enum").valueStream().noneMatch(value::equals)) {
            faults.add(at + " is " + value + ", not one of " + schema.get("enum"));
        }
        bounds(schema, value, at, faults);
        if (value.isObject()) {
            properties(schema, value, at, faults);
        }
        if (value.isArray() && schema.has("items")) {
            for (int i = 0; i < value.size(); i++) {
                faults.addAll(faults(schema.get("items"), value.get(i), at + "/" + i));
            }
        }
        return faults;
    }

    private void properties(JsonNode schema, JsonNode value, String at, List<String> faults) {
        for (JsonNode name : schema.path("required")) {
            if (!value.has(name.asString())) {
                faults.add(at + " lacks " + name.asString());
            }
        }
        JsonNode others = schema.path("additionalProperties");
        value.properties().forEach(property -> {
            String place = at + "/" + property.getKey();
            JsonNode described = schema.path("properties").path(property.getKey());
            if (!described.isMissingNode()) {
                faults.addAll(faults(described, property.getValue(), place));
            } else if (others.isObject()) {
                faults.addAll(faults(others, property.getValue(), place));
            } else if (!others.asBoolean(false)) {
                faults.add(place + " is not described");
            }
        });
    }

    private static void bounds(JsonNode schema, JsonNode value, String at, List<String> faults) {
        if (value.isString()) {
            String text = value.asString();
            if (schema.has("pattern")
                    && !Pattern.compile(schema.get("pattern").asString())
                            .matcher(text)
                            .find()) {
                faults.add(at + " is " + value + ", which does not match " + schema.get("pattern"));
            }
            range(schema, "minLength", "maxLength", text.codePointCount(0, text.length()), at, faults);
        } else if (value.isArray()) {
            range(schema, "minItems", "maxItems", value.size(), at, faults);
        } else if (value.isNumber()) {
            range(schema, "minimum", "maximum", value.asDouble(), at, faults);
        }
    }

    private static void range(
            JsonNode schema, String least, String most, double number, String at, List<String> faults) {
        if (number < schema.path(least).asDouble(Double.NEGATIVE_INFINITY)
                || number > schema.path(most).asDouble(Double.POSITIVE_INFINITY)) {
            faults.add(at + " has " + number + " of " + schema.path(least) + " (" + least + ") to " + schema.path(most)
                    + " (" + most + ")");
        }
    }

    private static List<String> types(JsonNode type) {
        return type.isArray() ? type.valueStream().map(JsonNode::asString).toList() : List.of(type.asString());
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL -> "null";
            case BOOLEAN -> "boolean";
            case STRING -> "string";
            case ARRAY -> "array";
            case OBJECT, POJO -> "object";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            case BINARY, MISSING -> "nothing";
        };
    }
}
