package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Set;

/// Where a request stands whose answer is asked for later; the words are those of OpenAI's Responses
/// API, and one more.
public enum ResponseStatus {
    /// Accepted; no worker has it yet.
    QUEUED,
    /// A worker has it, or had it and it waits for another one.
    IN_PROGRESS,
    /// An engine gave the whole answer. Final.
    COMPLETED,
    /// An engine gave an answer that a limit cut off. Final.
    INCOMPLETE,
    /// An engine refused it, every attempt failed, or its time ran out. Final.
    FAILED,
    /// It was cancelled before there was an answer. Final.
    CANCELLED,
    /// Its input and answer are gone, by the client's wish or because of their age. The id alone is
    /// remembered, for 3 d, so that the same request sent once more does not run again.
    DELETED;

    /// The statuses that may follow this one.
    public Set<ResponseStatus> successors() {
        return switch (this) {
            case QUEUED -> Set.of(IN_PROGRESS, COMPLETED, INCOMPLETE, FAILED, CANCELLED, DELETED);
            case IN_PROGRESS -> Set.of(COMPLETED, INCOMPLETE, FAILED, CANCELLED, DELETED);
            case COMPLETED, INCOMPLETE, FAILED, CANCELLED -> Set.of(DELETED);
            case DELETED -> Set.of();
        };
    }

    /// True if no answer will come any more.
    public boolean isFinal() {
        return switch (this) {
            case QUEUED, IN_PROGRESS -> false;
            case COMPLETED, INCOMPLETE, FAILED, CANCELLED, DELETED -> true;
        };
    }

    /// The status as clients see it.
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The status written as `wireName`.
    @JsonCreator
    public static ResponseStatus parse(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
