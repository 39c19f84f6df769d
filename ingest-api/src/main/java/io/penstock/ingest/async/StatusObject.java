package io.penstock.ingest.async;

import io.penstock.topics.line.MalformedJson;
import io.penstock.topics.line.ResultLine;
import io.penstock.topics.record.ResponseStatus;
import io.penstock.topics.record.StoredResponse;
import io.penstock.topics.record.StoredResponse.Failure;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/// A request as `/v1/requests/{id}` shows it. `response` and `error` are those of a batch output line: an
/// engine's answer, good or bad, is a `response`; `error` says why there is none.
final class StatusObject {
    private static final JsonMapper JSON = JsonMapper.shared();

    private StatusObject() {}

    /// The object; `result` is the request's result line, null while there is none and where it is not
    /// to be shown.
    ///
    /// @throws MalformedJson if the line is none
    static ObjectNode of(StoredResponse request, byte @Nullable [] result) throws MalformedJson {
        ObjectNode json = JSON.createObjectNode()
                .put("id", request.id().value())
                .put("object", "request")
                .put("endpoint", request.endpoint())
                .put("model", request.model().value())
                .put("objective", request.objective().value())
                .put("status", request.status().wireName())
                .put("created_at", request.createdAt().getEpochSecond())
                .put("in_progress_at", seconds(request.since().get(ResponseStatus.IN_PROGRESS)))
                .put("ended_at", request.status().isFinal() ? seconds(request.statusSince()) : null)
                .put("deadline", request.deadline().getEpochSecond())
                .put("expires_at", seconds(request.expiresAt()));
        ResultLine line = result == null ? null : ResultLine.read(result);
        if (result != null && line != null && line.body() != null) {
            json.putObject("response")
                    .put("status_code", line.statusCode())
                    .put("request_id", line.requestId())
                    .putRawValue("body", new RawValue(new String(line.body().of(result), StandardCharsets.UTF_8)));
            return json.putNull("error");
        }
        json.putNull("response");
        Failure failure = failure(request);
        if (failure == null) {
            json.putNull("error");
        } else {
            json.putObject("error").put("code", failure.code()).put("message", failure.message());
        }
        return json;
    }

    private static @Nullable Failure failure(StoredResponse request) {
        return request.status() == ResponseStatus.CANCELLED
                ? new Failure("cancelled", "The request was cancelled before it was answered.")
                : request.failure();
    }

    private static @Nullable Long seconds(@Nullable Instant at) {
        return at == null ? null : (Long) at.getEpochSecond();
    }
}
