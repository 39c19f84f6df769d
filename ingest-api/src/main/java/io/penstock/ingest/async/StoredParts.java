package io.penstock.ingest.async;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.openai.Wire;
import io.penstock.ingest.view.Responses;
import io.penstock.payload.BlobId;
import io.penstock.payload.BlobWriter;
import io.penstock.payload.PayloadMissing;
import io.penstock.payload.PayloadStore;
import io.penstock.topics.line.MalformedJson;
import io.penstock.topics.line.ResultLine;
import io.penstock.topics.record.BodyRef;
import io.penstock.topics.record.ResponseStatus;
import io.penstock.topics.record.StoredResponse;
import io.penstock.topics.record.StoredResponse.Input;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Puts a response together from where its parts lie: the input in the payload store, the answer among
/// the results. Every method answers 404 once the parts are gone.
record StoredParts(Responses responses, PayloadStore payloads) {
    private static final byte[] NOTHING = new byte[0];

    /// Stores what a client sent, in one blob.
    Input store(byte[] body, byte @Nullable [] shell) throws IOException {
        try (BlobWriter blob = payloads.create()) {
            blob.write(body);
            blob.write(shell == null ? NOTHING : shell);
            String id = blob.commit().value();
            return new Input(
                    new BodyRef(id, 0, body.length), shell == null ? null : new BodyRef(id, body.length, shell.length));
        }
    }

    /// The body that goes to the engine.
    byte[] body(StoredResponse response) throws IOException {
        Input input = response.input();
        return read(response, input == null ? null : input.body());
    }

    /// The Response object without an answer, in `status`.
    ObjectNode unanswered(StoredResponse response, ResponseStatus status) throws IOException {
        return ResponseObjects.unanswered(response, status, shell(response));
    }

    /// The Response object as it is now.
    byte[] object(StoredResponse response) throws IOException {
        return switch (response.status()) {
            case QUEUED, IN_PROGRESS, FAILED, CANCELLED, DELETED ->
                JsonMapper.shared().writeValueAsBytes(unanswered(response, response.status()));
            case COMPLETED, INCOMPLETE -> answered(response);
        };
    }

    /// The request's result line, null if it has none.
    byte @Nullable [] result(StoredResponse response) {
        if (response.result() == null) {
            return null;
        }
        byte[] line = responses.result(response.result());
        if (line == null) {
            throw gone(response);
        }
        return line;
    }

    /// The request as `/v1/requests/{id}` shows it, with its answer if that is wanted.
    byte[] status(StoredResponse request, boolean answer) {
        try {
            return Wire.bytes(StatusObject.of(request, answer ? result(request) : null));
        } catch (MalformedJson e) {
            throw new IllegalStateException("the result of " + request.id() + " is no output line", e);
        }
    }

    private byte[] answered(StoredResponse response) throws IOException {
        byte[] line = result(response);
        try {
            ResultLine read = line == null ? null : ResultLine.read(line);
            if (line == null || read == null || read.body() == null) {
                throw gone(response);
            }
            return ResponseObjects.answered(response, read.body().of(line), shell(response));
        } catch (MalformedJson e) {
            throw new IllegalStateException("the answer to " + response.id() + " is no response", e);
        }
    }

    private byte[] shell(StoredResponse response) throws IOException {
        Input input = response.input();
        return read(response, input == null ? null : input.shell());
    }

    private byte[] read(StoredResponse response, @Nullable BodyRef ref) throws IOException {
        if (ref == null) {
            throw gone(response);
        }
        try {
            return payloads.readRange(new BlobId(ref.blob()), ref.offset(), ref.lengthBytes());
        } catch (PayloadMissing _) {
            throw gone(response);
        }
    }

    private static ApiException gone(StoredResponse response) {
        return new ApiException(ErrorKind.NOT_FOUND, "The content of '" + response.id() + "' is no longer kept.");
    }
}
