package io.penstock.router.batches;

import io.penstock.router.batches.TwinStore.Answer;
import io.penstock.router.batches.TwinStore.Due;
import io.penstock.router.batches.TwinStore.Waiting;
import io.penstock.router.batches.progress.BatchState;
import io.penstock.service.Metrics;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.line.OutputLine;
import io.penstock.topics.record.Usage;
import java.time.Instant;
import java.util.List;

/// Gives twins the answers of their originals, a bounded number of lines and bytes per turn. A twin ends as its
/// original did and is no result of its own on `results`; its tokens were the original's, so they are not
/// counted again.
final class TwinAnswerer implements Actor {
    private final OwnedBatches batches;
    private final TwinStore twins;
    private final Metrics metrics;
    private final Pace pace;

    TwinAnswerer(OwnedBatches batches, TwinStore twins, Metrics metrics, Pace pace) {
        this.batches = batches;
        this.twins = twins;
        this.metrics = metrics;
        this.pace = pace;
    }

    /// What is left of a turn.
    private static final class Allowance {
        private int lines;
        private long bytes;

        private Allowance(int lines, long bytes) {
            this.lines = lines;
            this.bytes = bytes;
        }

        private boolean isUsedUp() {
            return lines <= 0 || bytes <= 0;
        }
    }

    @Override
    public void act(Instant now) {
        Rotation waiting = batches.twinned();
        Allowance left = new Allowance(pace.expandLines(), pace.expandBytes());
        for (int turns = waiting.size(); turns > 0 && !left.isUsedUp(); turns--) {
            BatchId id = waiting.next();
            while (!left.isUsedUp() && answerNext(id, left, now)) {}
        }
    }

    /// Hands on the next answer that is due, to as many twins as the allowance bears; false if none is.
    private boolean answerNext(BatchId id, Allowance left, Instant now) {
        BatchState state = batches.find(id);
        Due due = state == null ? null : twins.nextDue(id);
        if (state == null || due == null) {
            batches.twinned().set(id, false);
            return false;
        }
        int original = due.original();
        Answer answer = twins.answer(id, original);
        left.bytes -= answer.line().length;
        List<Waiting> lines = twins.waitingFor(id, due, left.lines);
        boolean all = lines.size() < left.lines;
        int given = 0;
        for (Waiting twin : lines) {
            twins.dropWaiting(id, original, twin.line());
            twins.answeredUpTo(id, original, twin.line() + 1);
            byte[] line = OutputLine.readdressed(answer.line(), RequestId.ofLine(id, twin.line()), twin.customId());
            batches.ended(id, new Arrival.Ended(twin.line(), answer.end(), Usage.NONE, line), now);
            left.lines--;
            left.bytes -= line.length;
            given++;
            if (left.isUsedUp()) {
                break;
            }
        }
        metrics.count(BatchesMetric.REUSED, given);
        if (all && given == lines.size()) {
            twins.done(id, original);
            if (state.expansion().complete()) {
                twins.dropAnswer(id, original); // no more twins can come
            }
        }
        return true;
    }
}
