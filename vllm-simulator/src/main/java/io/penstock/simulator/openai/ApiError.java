package io.penstock.simulator.openai;

import io.penstock.simulator.http.HttpResponse;
import io.penstock.simulator.http.StatusText;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A request that is answered with an error, in vLLM's shape: `{"error":{message,type,param,code}}`,
/// where `code` is the status as an integer, unlike OpenAI's.
final class ApiError extends Exception {
    private static final long serialVersionUID = 1L;
    private static final JsonMapper JSON = new JsonMapper();

    private final int status;
    private final @Nullable String param;

    ApiError(int status, String message, @Nullable String param) {
        super(message);
        this.status = status;
        this.param = param;
    }

    static ApiError badRequest(String message, @Nullable String param) {
        return new ApiError(400, message, param);
    }

    static ApiError unknownModel(String model) {
        return new ApiError(404, "The model `" + model + "` does not exist.", "model");
    }

    HttpResponse response() {
        return response(status, String.valueOf(getMessage()), param);
    }

    /// An error that has no request behind it.
    static HttpResponse response(int status, String message, @Nullable String param) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode error = root.putObject("error");
        error.put("message", message)
                .put("type", type(status))
                .put("param", param)
                .put("code", status);
        return HttpResponse.json(status, JSON.writeValueAsString(root));
    }

    private static String type(int status) {
        return switch (status) {
            case 400 -> "BadRequestError";
            case 404 -> "NotFoundError";
            case 422 -> "UnprocessableEntityError";
            case 500 -> "InternalServerError";
            case 501 -> "NotImplementedError";
            default -> StatusText.of(status);
        };
    }
}
