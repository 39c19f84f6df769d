package io.penstock.pool.pick;

import io.penstock.pool.EngineLoad;
import io.penstock.topics.id.ModelName;
import java.util.List;

/// The shorter the queue, the better, from 0 for the longest to 1 for the shortest; 1 for all if they are
/// equal.
///
/// ```
/// score = (max − queue) / (max − min)
/// queue = max(waiting at the engine + calls of ours it has not accounted for yet,
///             calls of ours that await their first word)
/// ```
///
/// An account is up to 50 ms old, and a prompt that is being computed does not wait any more, though the next
/// call waits for it: what a call finds before it is told best by our own that have had no word yet.
final class QueueScorer implements Scorer {
    @Override
    public double[] scores(ModelName model, List<Candidate> candidates) {
        int max = candidates.stream().mapToInt(QueueScorer::queue).max().orElse(0);
        int min = candidates.stream().mapToInt(QueueScorer::queue).min().orElse(0);
        return candidates.stream()
                .mapToDouble(candidate -> max == min ? 1 : (double) (max - queue(candidate)) / (max - min))
                .toArray();
    }

    private static int queue(Candidate candidate) {
        EngineLoad load = candidate.state().load();
        OurCalls ours = candidate.ours();
        int told = load == null || load.waiting().isEmpty() ? 0 : load.waiting().getAsInt() + ours.sentSinceLoad();
        return Math.max(told, ours.awaiting());
    }
}
