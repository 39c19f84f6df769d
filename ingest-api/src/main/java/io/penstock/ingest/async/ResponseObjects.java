package io.penstock.ingest.async;

import io.penstock.ingest.openai.Wire;
import io.penstock.topics.line.BodyFields;
import io.penstock.topics.line.MalformedJson;
import io.penstock.topics.record.ResponseStatus;
import io.penstock.topics.record.StoredResponse;
import io.penstock.topics.record.StoredResponse.Failure;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Response objects as OpenAI's API shows them, with every key it requires.
final class ResponseObjects {
    private static final JsonMapper JSON = JsonMapper.shared();

    private ResponseObjects() {}

    /// A response without an answer, as it was in `status`: `shell`, and what was known of it then.
    static ObjectNode unanswered(StoredResponse response, ResponseStatus status, byte[] shell) {
        ObjectNode json = JSON.createObjectNode()
                .put("id", response.id().value())
                .put("object", "response")
                .put("created_at", response.createdAt().getEpochSecond())
                .put("status", status.wireName())
                .put("background", true)
                .put("store", true)
                .put("model", response.model().value());
        error(json, status == ResponseStatus.FAILED ? response.failure() : null);
        json.putNull("incomplete_details").putNull("completed_at");
        json.putArray("output");
        json.putNull("usage");
        json.setAll((ObjectNode) JSON.readTree(shell));
        json.set("penstock", own(response, status.isFinal()));
        return json;
    }

    /// The engine's `answer` as the client's response: under its own id, its other bytes as they came; what
    /// the engine left out is as in `shell`.
    ///
    /// @throws MalformedJson if the answer is no JSON object
    static byte[] answered(StoredResponse response, byte[] answer, byte[] shell) throws MalformedJson {
        BodyFields fields = BodyFields.of(answer);
        BodyFields standard = BodyFields.of(shell);
        Map<String, String> changes = new LinkedHashMap<>();
        standard.values().forEach((name, value) -> {
            if (fields.value(name) == null) {
                changes.put(name, new String(value.of(shell), StandardCharsets.UTF_8));
            }
        });
        changes.put("id", JSON.writeValueAsString(response.id().value()));
        changes.put("created_at", Long.toString(response.createdAt().getEpochSecond()));
        changes.put("background", "true");
        changes.put("store", "true");
        changes.put("completed_at", completedAt(response));
        changes.put("penstock", JSON.writeValueAsString(own(response, true)));
        return fields.spliced(answer, changes);
    }

    /// What is answered to the deletion of an object.
    static byte[] deleted(StoredResponse response, String object) {
        return Wire.bytes(JSON.createObjectNode()
                .put("id", response.id().value())
                .put("object", object)
                .put("deleted", true));
    }

    private static String completedAt(StoredResponse response) {
        Instant completed = response.since().get(ResponseStatus.COMPLETED);
        return completed == null ? "null" : Long.toString(completed.getEpochSecond());
    }

    private static void error(ObjectNode json, @Nullable Failure failure) {
        if (failure == null) {
            json.putNull("error");
        } else {
            json.putObject("error").put("code", openAiCode(failure.code())).put("message", failure.message());
        }
    }

    /// The nearest of the codes that OpenAI has for a response; ours stands in `penstock`.
    private static String openAiCode(String code) {
        return switch (code) {
            case "http_400", "http_413", "http_422", "invalid_request" -> "invalid_prompt";
            case "http_429" -> "rate_limit_exceeded";
            default -> "server_error";
        };
    }

    /// What OpenAI has no field for. Before the end nothing of the end is said, so that the events of a
    /// stream are the same whenever they are made.
    private static ObjectNode own(StoredResponse response, boolean ended) {
        Failure failure = ended ? response.failure() : null;
        Instant expires = ended ? response.expiresAt() : null;
        return JSON.createObjectNode()
                .put("objective", response.objective().value())
                .put("deadline", response.deadline().getEpochSecond())
                .put("expires_at", expires == null ? null : (Long) expires.getEpochSecond())
                .put("error_code", failure == null ? null : failure.code());
    }
}
