package io.penstock.router.ledger;

import io.penstock.topics.id.RequestId;
import io.penstock.topics.line.OutputLine;
import io.penstock.topics.record.Admission;
import io.penstock.topics.record.End;
import io.penstock.topics.record.ErrorCode;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Usage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes the one final record of a request.
final class Results {
    private final int lineBytesMax;

    Results(LedgerPolicy policy) {
        this.lineBytesMax = policy.resultBytesMax();
    }

    Emit.ResultLine of(Row row, Finish finish) {
        Request request = row.request();
        int attempts = Math.max(finish instanceof Finish.Answered ? 1 : 0, row.attemptsMade());
        return line(request.id(), request.customId(), finish, attempts, request.echo());
    }

    /// The result of a request that never became a row.
    Emit.ResultLine of(Admission.Rejected rejected) {
        Finish finish = new Finish.Unanswered(End.FAILED, rejected.code(), rejected.message());
        return line(rejected.id(), rejected.customId(), finish, 0, rejected.echo());
    }

    private Emit.ResultLine line(
            RequestId id, @Nullable String customId, Finish finish, int attempts, Map<String, String> echo) {
        return switch (finish) {
            case Finish.Answered(int status, String engineRequestId, Usage usage, byte[] body) -> {
                byte[] line = OutputLine.answered(id, customId, status, engineRequestId, body);
                yield line.length <= lineBytesMax
                        ? new Emit.ResultLine(id, line, finish.end(), attempts, usage, echo)
                        : line(id, customId, tooLarge(line.length), attempts, echo);
            }
            case Finish.Unanswered(End end, ErrorCode code, String message) ->
                new Emit.ResultLine(
                        id, OutputLine.unanswered(id, customId, code.wireName(), message), end, attempts, null, echo);
        };
    }

    private Finish tooLarge(int bytes) {
        return new Finish.Unanswered(
                End.FAILED,
                ErrorCode.ANSWER_TOO_LARGE,
                "The answer makes a result of " + bytes + " bytes; the limit is " + lineBytesMax
                        + " (ledger.result.bytes.max).");
    }
}
