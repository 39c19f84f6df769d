package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request whose answer is asked for later, as everyone sees it: a response with `background: true`
/// or a call sent with `Prefer: respond-async`. About 600 bytes, whatever was asked and answered.
///
/// `endpoint` is the API path, such as `/v1/responses`; `model` the name the client sent. `since` says
/// when it entered each status it has been in. `input` is null once it was deleted, `dispatch` is set on
/// the submission only. `result` is where the answer lies, null while there is none and where no engine
/// gave one; `failure` says why it failed. `deadline` is when it fails if it has not ended;
/// `expiresAt`, set when it has, is when input and answer go. `fingerprint` is the SHA-256 of what the client
/// asked for, by which a repeated submission is recognised.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StoredResponse(
        RequestId id,
        TenantId tenant,
        String endpoint,
        ModelName model,
        ObjectiveName objective,
        Instant deadline,
        String fingerprint,
        ResponseStatus status,
        Map<ResponseStatus, Instant> since,
        @Nullable Input input,
        @Nullable Dispatch dispatch,
        @Nullable Place result,
        @Nullable Failure failure,
        @Nullable Instant expiresAt) {
    public StoredResponse {
        since = Map.copyOf(since);
        if (!since.containsKey(ResponseStatus.QUEUED) || !since.containsKey(status)) {
            throw new IllegalArgumentException(id + " lacks the time of " + status.wireName() + " or queued");
        }
    }

    /// What the client sent, both in one blob of the payload store: the body for the engine and, for a
    /// response, the part of the Response object that follows from it.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Input(BodyRef body, @Nullable BodyRef shell) {}

    /// How it goes on `requests.*`: the topic's band, the input line, and the headers beside it.
    public record Dispatch(Band band, String line, Map<String, String> headers) {
        public Dispatch {
            headers = Map.copyOf(headers);
        }
    }

    /// A record of the `results` topic.
    public record Place(int partition, long offset) {
        public Place {
            if (partition < 0 || offset < 0) {
                throw new IllegalArgumentException(
                        "place must not be negative, but was " + offset + " of partition " + partition);
            }
        }
    }

    /// Why it failed. `code` is an `ErrorCode`'s or, for an engine's refusal, `http_` and its status.
    /// `message` is shortened to 1,024 characters.
    public record Failure(String code, String message) {
        private static final int MESSAGE_CHARS_MAX = 1024;

        public Failure {
            message = message.length() <= MESSAGE_CHARS_MAX ? message : message.substring(0, MESSAGE_CHARS_MAX);
        }
    }

    /// How a request ended: `status` is a final one. What is null is not there.
    public record Ending(
            ResponseStatus status,
            @Nullable Place result,
            @Nullable Failure failure) {
        public Ending {
            if (!status.isFinal() || status == ResponseStatus.DELETED) {
                throw new IllegalArgumentException("no request ends as " + status.wireName());
            }
        }
    }

    /// What a client asks for, just accepted at `now`.
    public record Submission(
            RequestId id,
            TenantId tenant,
            String endpoint,
            ModelName model,
            ObjectiveName objective,
            Instant deadline,
            String fingerprint,
            Input input,
            Dispatch dispatch) {
        public StoredResponse at(Instant now) {
            return new StoredResponse(
                    id,
                    tenant,
                    endpoint,
                    model,
                    objective,
                    deadline,
                    fingerprint,
                    ResponseStatus.QUEUED,
                    Map.of(ResponseStatus.QUEUED, now),
                    input,
                    dispatch,
                    null,
                    null,
                    null);
        }
    }

    /// The same, on its way: what was needed to send it is dropped.
    public StoredResponse dispatched() {
        return with(status, since, input, result, failure, expiresAt);
    }

    /// The same, with a worker since `now`.
    public StoredResponse started(Instant now) {
        return with(ResponseStatus.IN_PROGRESS, entering(ResponseStatus.IN_PROGRESS, now), input, null, null, null);
    }

    /// The same, ended at `now` and kept until `expires`.
    public StoredResponse ended(Ending ending, Instant now, Instant expires) {
        return with(ending.status(), entering(ending.status(), now), input, ending.result(), ending.failure(), expires);
    }

    /// The same without its content, since `now`.
    public StoredResponse deleted(Instant now) {
        return with(ResponseStatus.DELETED, entering(ResponseStatus.DELETED, now), null, null, null, null);
    }

    /// When it was accepted.
    public Instant createdAt() {
        return entered(ResponseStatus.QUEUED);
    }

    /// When it entered its present status.
    public Instant statusSince() {
        return entered(status);
    }

    private Instant entered(ResponseStatus in) {
        Instant at = since.get(in);
        if (at == null) {
            throw new IllegalStateException(id + " was never " + in.wireName());
        }
        return at;
    }

    private Map<ResponseStatus, Instant> entering(ResponseStatus next, Instant now) {
        if (!status.successors().contains(next)) {
            throw new IllegalStateException(id + " cannot go from " + status.wireName() + " to " + next.wireName());
        }
        EnumMap<ResponseStatus, Instant> entered = new EnumMap<>(since);
        entered.put(next, now);
        return entered;
    }

    private StoredResponse with(
            ResponseStatus newStatus,
            Map<ResponseStatus, Instant> newSince,
            @Nullable Input newInput,
            @Nullable Place newResult,
            @Nullable Failure newFailure,
            @Nullable Instant newExpiresAt) {
        return new StoredResponse(
                id,
                tenant,
                endpoint,
                model,
                objective,
                deadline,
                fingerprint,
                newStatus,
                newSince,
                newInput,
                null,
                newResult,
                newFailure,
                newExpiresAt);
    }
}
