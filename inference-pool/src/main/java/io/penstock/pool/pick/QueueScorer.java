package io.penstock.pool.pick;

import io.penstock.pool.EngineLoad;
import io.penstock.topics.id.ModelName;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

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
///
/// Where one of the engines does not tell what waits, only the calls that await their first word are compared, or
/// the others would look the busier for what they tell.
final class QueueScorer implements Scorer {
    @Override
    public double[] scores(ModelName model, List<Candidate> candidates) {
        boolean allTell =
                candidates.stream().allMatch(candidate -> waiting(candidate).isPresent());
        int[] queues = candidates.stream()
                .mapToInt(candidate ->
                        Math.max(allTell ? told(candidate) : 0, candidate.ours().awaiting()))
                .toArray();
        int max = Arrays.stream(queues).max().orElse(0);
        int min = Arrays.stream(queues).min().orElse(0);
        return Arrays.stream(queues)
                .mapToDouble(queue -> max == min ? 1 : (double) (max - queue) / (max - min))
                .toArray();
    }

    private static int told(Candidate candidate) {
        return waiting(candidate).orElse(0) + candidate.ours().sentSinceLoad();
    }

    private static OptionalInt waiting(Candidate candidate) {
        EngineLoad load = candidate.state().load();
        return load == null ? OptionalInt.empty() : load.waiting();
    }
}
