package io.penstock.simulator.openai;

import io.penstock.simulator.http.HttpRequest;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A JSON request body, read leniently: unknown fields are ignored, null means absent.
final class RequestBody {
    private static final JsonMapper JSON = new JsonMapper();

    private final JsonNode root;

    private RequestBody(JsonNode root) {
        this.root = root;
    }

    static RequestBody parse(HttpRequest request) throws ApiError {
        String contentType = request.header("content-type").orElse("").toLowerCase(Locale.ROOT);
        if (!contentType.split(";", 2)[0].strip().equals("application/json")) {
            throw ApiError.badRequest("Unsupported Media Type: Only 'application/json' is allowed", null);
        }
        try {
            JsonNode root = JSON.readTree(request.body());
            if (root.isObject()) {
                return new RequestBody(root);
            }
        } catch (JacksonException e) {
            throw ApiError.badRequest(
                    "[{'type': 'json_invalid', 'loc': ('body', 0), 'msg': 'JSON decode error'}]", null);
        }
        throw ApiError.badRequest(
                "[{'type': 'model_attributes_type', 'loc': ('body',), 'msg': 'Input should be an object'}]", null);
    }

    Optional<JsonNode> field(String name) {
        JsonNode node = root.path(name);
        return node.isMissingNode() || node.isNull() ? Optional.empty() : Optional.of(node);
    }

    JsonNode required(String name) throws ApiError {
        return field(name)
                .orElseThrow(() -> ApiError.badRequest(
                        "[{'type': 'missing', 'loc': ('body', '" + name + "'), 'msg': 'Field required'}]", name));
    }

    Optional<String> text(String name) throws ApiError {
        Optional<JsonNode> node = field(name);
        if (node.isPresent() && !node.get().isString()) {
            throw wrongType(name, "string");
        }
        return node.map(JsonNode::asString);
    }

    Optional<Long> integer(String name) throws ApiError {
        Optional<JsonNode> node = field(name);
        if (node.isPresent() && !(node.get().isIntegralNumber() && node.get().canConvertToLong())) {
            throw wrongType(name, "integer");
        }
        return node.map(JsonNode::asLong);
    }

    boolean flag(String name) throws ApiError {
        Optional<JsonNode> node = field(name);
        if (node.isPresent() && !node.get().isBoolean()) {
            throw wrongType(name, "boolean");
        }
        return node.isPresent() && node.get().asBoolean();
    }

    static ApiError wrongType(String name, String wanted) {
        return ApiError.badRequest(
                "[{'type': '" + wanted + "_type', 'loc': ('body', '" + name + "'), 'msg': 'Input should be a valid "
                        + wanted + "'}]",
                name);
    }
}
