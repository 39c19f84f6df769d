package io.penstock.router.responses;

import io.penstock.topics.catalogue.Json;
import io.penstock.topics.line.BodyFields;
import io.penstock.topics.line.MalformedJson;
import io.penstock.topics.line.ResultLine;
import io.penstock.topics.line.Slice;
import io.penstock.topics.record.End;
import io.penstock.topics.record.ErrorCode;
import io.penstock.topics.record.ResponseStatus;
import io.penstock.topics.record.StoredResponse.Ending;
import io.penstock.topics.record.StoredResponse.Failure;
import io.penstock.topics.record.StoredResponse.Place;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// How a request ended, by the result the ledger wrote. A Response that an engine calls incomplete or
/// failed has ended so; whatever else was answered with 2xx is complete.
final class Endings {
    private static final byte[] NOTHING = new byte[0];

    private Endings() {}

    /// The ending that `line`, which lies at `place` of `results` and ended as `end`, tells of.
    static Ending of(End end, byte[] line, Place place) {
        ResultLine result;
        try {
            result = ResultLine.read(line);
        } catch (MalformedJson e) {
            return new Ending(
                    ResponseStatus.FAILED, place, new Failure("unreadable_result", String.valueOf(e.getMessage())));
        }
        byte[] body = result.body() == null ? NOTHING : result.body().of(line);
        return switch (end) {
            case COMPLETED -> answered(body, place);
            case FAILED, EXPIRED -> new Ending(ResponseStatus.FAILED, place, failure(result, body));
            case CANCELLED -> new Ending(ResponseStatus.CANCELLED, null, null);
        };
    }

    private static Ending answered(byte[] body, Place place) {
        return switch (statusOfResponse(body)) {
            case "incomplete" -> new Ending(ResponseStatus.INCOMPLETE, place, null);
            case "failed", "cancelled" ->
                new Ending(
                        ResponseStatus.FAILED,
                        place,
                        new Failure("server_error", message(body, "The engine did not complete the response.")));
            default -> new Ending(ResponseStatus.COMPLETED, place, null);
        };
    }

    /// The `status` of a Response object; empty for every other answer.
    private static String statusOfResponse(byte[] body) {
        try {
            BodyFields fields = BodyFields.of(body);
            return "\"response\"".equals(fields.text(body, "object")) ? unquoted(fields, body) : "";
        } catch (MalformedJson _) {
            return "";
        }
    }

    private static String unquoted(BodyFields fields, byte[] body) {
        Slice status = fields.value("status");
        JsonNode value = status == null ? null : tree(status.of(body));
        return value == null ? "" : value.asString("");
    }

    private static Failure failure(ResultLine result, byte[] body) {
        if (result.statusCode() != null) {
            return new Failure(
                    "http_" + result.statusCode(), message(body, "The engine answered " + result.statusCode() + "."));
        }
        return new Failure(
                result.errorCode() == null ? ErrorCode.ATTEMPTS_EXHAUSTED.wireName() : result.errorCode(),
                result.errorMessage() == null ? ErrorCode.ATTEMPTS_EXHAUSTED.message() : result.errorMessage());
    }

    private static String message(byte[] body, String otherwise) {
        JsonNode answer = tree(body);
        return answer == null ? otherwise : answer.path("error").path("message").asString(otherwise);
    }

    private static @Nullable JsonNode tree(byte[] json) {
        try {
            return json.length == 0 ? null : Json.MAPPER.readTree(json);
        } catch (JacksonException _) {
            return null;
        }
    }
}
