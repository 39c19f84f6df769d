package io.penstock.router.batches;

import io.penstock.router.batches.input.Cursor;
import io.penstock.router.batches.progress.BatchEvent;
import io.penstock.router.batches.progress.BatchState;
import io.penstock.router.batches.progress.Contents;
import io.penstock.router.batches.progress.Expansion;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.line.OutputLine;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.End;
import io.penstock.topics.record.ErrorCode;
import io.penstock.topics.record.StoredFile.Segment;
import io.penstock.topics.record.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Ends the lines of a validated input that can be read no more, a slice at a time: each fails with
/// `input_lost`, under its own id and without a `custom_id`, which only the input held. Those of a batch that is being
/// cancelled end as cancelled.
///
/// That an input is lost is decided once, and stored as a cursor behind its last segment.
final class LostLines {
    /// How long after its window an input may still become readable again. The ledger answers each of its lines
    /// as expired at once; only a payload store that has failed all this time makes it matter.
    static final Duration GRACE = Duration.ofHours(1);

    private final OwnedBatches batches;
    private final LineMarks marks;

    LostLines(OwnedBatches batches, LineMarks marks) {
        this.batches = batches;
        this.marks = marks;
    }

    /// True if the rest of the input was given up.
    static boolean areLost(Expansion expansion, List<Segment> input) {
        return expansion.cursor().segment() >= input.size();
    }

    /// True if an input that cannot be read at `now` is to be given up.
    static boolean isOver(BatchState state, Instant now) {
        return !now.isBefore(state.batch().deadline().plus(GRACE));
    }

    /// Ends up to `limit` lines of `input` behind the last one that was read; returns how many it looked at.
    int end(BatchState state, List<Segment> input, int limit, Instant now) {
        BatchId id = state.batch().id();
        Contents contents = state.contents();
        Expansion before = state.expansion();
        int first = before.cursor().line() + 1;
        int last = Math.min(contents.lines(), before.cursor().line() + limit);
        int requests = before.requests();
        for (int line = first; line <= last; line++) {
            if (batches.runs(state, line) && !marks.isBlank(id, line)) {
                batches.ended(id, lost(state, line), now);
                requests++;
            }
        }
        Expansion after = new Expansion(new Cursor(input.size(), 0, last), requests, last == contents.lines());
        batches.happened(id, new BatchEvent.Expanded(after), now);
        return last - first + 1;
    }

    private static Arrival.Ended lost(BatchState state, int line) {
        boolean cancelled = state.batch().status() == BatchStatus.CANCELLING;
        ErrorCode code = cancelled ? ErrorCode.BATCH_CANCELLED : ErrorCode.INPUT_LOST;
        String message = cancelled
                ? code.message()
                : "Line " + line + " of the batch's input file could not be read any more, and was not run.";
        RequestId id = RequestId.ofLine(state.batch().id(), line);
        byte[] bytes = OutputLine.unanswered(id, null, code.wireName(), message);
        return new Arrival.Ended(line, cancelled ? End.CANCELLED : End.FAILED, Usage.NONE, bytes);
    }
}
