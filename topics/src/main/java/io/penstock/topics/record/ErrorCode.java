package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// Why a request ended without an engine's answer: `error.code` of its result line.
public enum ErrorCode {
    /// The record on `requests.*` is no OpenAI batch input line.
    INVALID_REQUEST("The request is not a valid batch input line."),
    /// No pool serves the model.
    MODEL_NOT_FOUND("The model does not exist or is not served."),
    /// The deadline passed before an answer.
    BATCH_EXPIRED("This request could not be executed before the completion window expired."),
    /// The request or its batch was cancelled first.
    BATCH_CANCELLED("This request was not executed because the batch was cancelled."),
    /// Every attempt failed; the message carries the last failure.
    ATTEMPTS_EXHAUSTED("The request failed on every attempt."),
    /// The stored body could not be read back.
    PAYLOAD_UNAVAILABLE("The request's stored body could not be read."),
    /// The rest of a batch's input file could not be read any more, so the line was never put on `requests.*`.
    INPUT_LOST("The batch's input file could not be read any more."),
    /// The engine's answer is larger than a record may be.
    ANSWER_TOO_LARGE("The engine's answer is too large to be kept.");

    private final String message;

    ErrorCode(String message) {
        this.message = message;
    }

    /// The code as clients see it: lower case with underscores.
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The sentence clients read when there is nothing more precise to say.
    public String message() {
        return message;
    }
}
