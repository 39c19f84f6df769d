package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Set;

/// Where a batch stands; the words are OpenAI's.
public enum BatchStatus {
    /// The input file is being read; nothing has run. Left by the batches application.
    VALIDATING,
    /// The input was rejected; nothing ran. Terminal.
    FAILED,
    /// Its lines are being worked off.
    IN_PROGRESS,
    /// Every line has ended; the output files are being published.
    FINALIZING,
    /// Every line is in the output or the error file. Terminal.
    COMPLETED,
    /// The completion window passed before all lines, or the validation, had ended; what was done is published.
    /// Terminal.
    EXPIRED,
    /// A cancel was accepted; unfinished lines are being answered as cancelled.
    CANCELLING,
    /// Cancelled; what was done is published. Terminal.
    CANCELLED;

    /// The statuses that may follow this one; empty for a terminal one.
    public Set<BatchStatus> successors() {
        return switch (this) {
            case VALIDATING -> Set.of(IN_PROGRESS, FAILED, CANCELLING, EXPIRED);
            case IN_PROGRESS -> Set.of(FINALIZING, CANCELLING);
            case FINALIZING -> Set.of(COMPLETED, CANCELLING, EXPIRED);
            case CANCELLING -> Set.of(CANCELLED);
            case COMPLETED, FAILED, EXPIRED, CANCELLED -> Set.of();
        };
    }

    /// True if nothing follows.
    public boolean isTerminal() {
        return successors().isEmpty();
    }

    /// The status as clients see it.
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The status written as `wireName`.
    @JsonCreator
    public static BatchStatus parse(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
