package io.penstock.router.batches;

import io.penstock.router.batches.input.InputErrors;
import io.penstock.router.batches.input.Line;
import io.penstock.router.batches.input.LineValidator;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.line.OutputLine;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.LineError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which lines of a batch that skips invalid ones are not run. Each line is judged once more when its turn
/// comes; only what follows from other lines was remembered from the validation.
final class LineRefusals {
    /// Codes that a line alone does not give away.
    static final List<String> CODES = List.of(InputErrors.DUPLICATE_CUSTOM_ID, InputErrors.MISMATCHED_MODEL);

    private final Catalogue catalogue;
    private final LineMarks marks;
    private final int lineBytesMax;

    LineRefusals(Catalogue catalogue, LineMarks marks, int lineBytesMax) {
        this.catalogue = catalogue;
        this.marks = marks;
        this.lineBytesMax = lineBytesMax;
    }

    /// The line of the error file that answers `line`; null if it is to be run.
    byte @Nullable [] of(Batch batch, Line line) {
        RequestId id = RequestId.ofLine(batch.id(), line.number());
        return switch (line) {
            case Line.TooLong tooLong ->
                answer(id, null, InputErrors.lineTooLong(line.number(), tooLong.bytes(), lineBytesMax));
            case Line.Text text ->
                switch (catalogue.validator(batch).judge(text)) {
                    case LineValidator.Judgement.Invalid(String customId, List<LineError> errors) ->
                        answer(id, customId, errors.getFirst());
                    case LineValidator.Judgement.Valid valid -> remembered(batch.id(), id, valid);
                };
        };
    }

    private byte @Nullable [] remembered(BatchId batch, RequestId id, LineValidator.Judgement.Valid valid) {
        int line = id.line();
        if (marks.isRefused(batch, InputErrors.DUPLICATE_CUSTOM_ID, line)) {
            return answer(id, valid.customId(), InputErrors.duplicate(line, valid.customId()));
        }
        return marks.isRefused(batch, InputErrors.MISMATCHED_MODEL, line)
                ? answer(id, valid.customId(), InputErrors.mismatchedModel(line, valid.model()))
                : null;
    }

    private static byte[] answer(RequestId id, @Nullable String customId, LineError error) {
        return OutputLine.unanswered(id, customId, error.code(), error.message());
    }
}
