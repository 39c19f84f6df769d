package io.penstock.router.batches;

import io.penstock.router.batches.input.InputErrors;
import io.penstock.router.batches.input.PoolCost;
import io.penstock.router.batches.input.Validation.Findings;
import io.penstock.router.batches.progress.BatchEvent;
import io.penstock.router.batches.progress.Contents;
import io.penstock.router.batches.progress.Forecast;
import io.penstock.router.batches.progress.LineSet;
import io.penstock.router.batches.progress.Retry;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.End;
import io.penstock.topics.record.LineError;
import io.penstock.topics.record.RetryOf;
import io.penstock.topics.record.StoredFile;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Decides which lines a retry runs: those of its parent that have failed by now, for one of the reasons
/// and among the lines asked for. Their input was validated with the parent, so a retry is planned in one turn, by its
/// line sets alone.
final class RetryPlanner {
    private final OwnedBatches batches;
    private final LineMarks marks;
    private final Estimator estimator;

    RetryPlanner(OwnedBatches batches, LineMarks marks, Estimator estimator) {
        this.batches = batches;
        this.marks = marks;
        this.estimator = estimator;
    }

    /// What becomes of `retry`, just submitted to run lines of another batch again.
    BatchEvent plan(Batch retry, RetryOf of, Instant now) {
        OwnedBatches.Known parent = batches.known(of.batch());
        if (parent == null
                || !parent.batch()
                        .submission()
                        .tenant()
                        .equals(retry.submission().tenant())) {
            return refused(InputErrors.unknownParent(of.batch()));
        }
        if (!sameInput(retry, parent.batch())) {
            return refused(InputErrors.otherInput(of.batch()));
        }
        Map<End, Integer> chosen = choose(retry.id(), of, parent.contents().lines());
        int requests = chosen.values().stream().mapToInt(Integer::intValue).sum();
        if (requests == 0) {
            return refused(InputErrors.nothingToRetry(of));
        }
        Counts counts = parent.batch().counts();
        Counts accounted = new Counts(
                counts.total(),
                counts.completed(),
                chosen.getOrDefault(End.FAILED, 0),
                chosen.getOrDefault(End.EXPIRED, 0),
                chosen.getOrDefault(End.CANCELLED, 0));
        Contents contents = share(parent.contents(), requests);
        Forecast forecast = retry.directive().paused() ? null : Forecast.of(contents, 0, 0, estimator.lanes(retry));
        return new BatchEvent.RetryPlanned(
                contents,
                parent.batch().model(),
                Retry.of(of.batch(), accounted),
                forecast == null ? null : forecast.estimate(now, retry.deadline()));
    }

    private static BatchEvent refused(LineError error) {
        return new BatchEvent.Validated(new Findings.Bad(List.of(error)), null);
    }

    private static boolean sameInput(Batch retry, Batch parent) {
        return retry.submission().endpoint().equals(parent.submission().endpoint())
                && segments(retry).equals(segments(parent));
    }

    private static List<StoredFile.Segment> segments(Batch batch) {
        StoredFile input = batch.submission().input();
        return input == null ? List.of() : input.segments();
    }

    /// Remembers the lines to run, and returns how many of them had ended which way.
    private Map<End, Integer> choose(BatchId retry, RetryOf of, int lines) {
        Map<End, Integer> chosen = new EnumMap<>(End.class);
        for (int chunk = 0; chunk < LineSet.chunksOf(lines); chunk++) {
            LineSet all = LineSet.NONE;
            for (End end : List.of(End.FAILED, End.EXPIRED, End.CANCELLED)) {
                LineSet failed = filtered(of, chunk, marks.failed(of.batch(), chunk, end));
                chosen.merge(end, failed.size(), Integer::sum);
                all = all.or(failed);
            }
            if (!all.isEmpty()) {
                marks.retry(retry, chunk, all);
                marks.inheritRefusals(retry, of.batch(), chunk, LineRefusals.CODES);
            }
        }
        return chosen;
    }

    private LineSet filtered(RetryOf of, int chunk, LineSet failed) {
        LineSet chosen = failed;
        if (!of.codes().isEmpty() && !chosen.isEmpty()) {
            chosen = chosen.and(of.codes().stream()
                    .map(code -> marks.failed(of.batch(), chunk, code))
                    .reduce(LineSet.NONE, LineSet::or));
        }
        return of.lines().isEmpty() || chosen.isEmpty() ? chosen : chosen.and(named(of, chunk));
    }

    private static LineSet named(RetryOf of, int chunk) {
        LineSet named = LineSet.NONE;
        for (int line : of.lines()) {
            named = line > 0 && LineSet.chunkOf(line) == chunk ? named.with(line) : named;
        }
        return named;
    }

    /// What `requests` requests of a batch hold on average.
    private static Contents share(Contents parent, int requests) {
        List<PoolCost> costs = parent.costs().stream()
                .map(pool -> new PoolCost(
                        pool.pool(), Math.max(1, (long) ((double) pool.cost() * requests / parent.requests()))))
                .toList();
        return new Contents(parent.lines(), requests, costs);
    }
}
