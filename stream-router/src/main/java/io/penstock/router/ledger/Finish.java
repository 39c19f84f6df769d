package io.penstock.router.ledger;

import io.penstock.topics.record.End;
import io.penstock.topics.record.ErrorCode;
import io.penstock.topics.record.Usage;
import org.jspecify.annotations.Nullable;

/// How a request ends.
public sealed interface Finish {
    /// The word for it.
    End end();

    /// An engine's final answer, good or bad; `body` is a JSON value as the engine sent it.
    @SuppressWarnings("ArrayRecordComponent") // answers reach a megabyte; never modified, never compared
    record Answered(
            int status, String engineRequestId, @Nullable Usage usage, byte[] body) implements Finish {
        @Override
        public End end() {
            return status >= 200 && status < 300 ? End.COMPLETED : End.FAILED;
        }
    }

    /// No engine's answer: why not.
    record Unanswered(End end, ErrorCode code, String message) implements Finish {
        static Unanswered of(End end, ErrorCode code) {
            return new Unanswered(end, code, code.message());
        }
    }
}
