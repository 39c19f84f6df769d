package io.penstock.pool.pick;

import io.penstock.pool.EngineLoad;
import io.penstock.topics.id.ModelName;
import java.util.List;

/// The shorter the queue, the better, from 0 for the longest to 1 for the shortest; 1 for all if they are
/// equal.
///
/// ```
/// score = (max − queue) / (max − min)
/// queue = waiting at the engine + calls of ours it has not accounted for yet
/// ```
///
/// Where the engine does not tell what waits, our own calls in flight stand for the queue.
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
        return load == null || load.waiting().isEmpty()
                ? candidate.inFlight()
                : load.waiting().getAsInt() + candidate.sentSinceLoad();
    }
}
