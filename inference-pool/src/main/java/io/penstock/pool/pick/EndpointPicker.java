package io.penstock.pool.pick;

import io.penstock.pool.EngineLoad;
import io.penstock.topics.id.ModelName;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/// Picks the endpoint for an interactive call: of those that are ready and serve the model, the one
/// with the highest score, at random among equals.
///
/// ```
/// score = 2 × (max − queue) / (max − min)  +  2 × (1 − KV use)
/// queue = waiting at the engine + calls of ours it has not accounted for yet
/// ```
///
/// Queue and KV are weighted 2 and 2 as in the Endpoint Picker of the Gateway API Inference Extension.
/// Where the engine does not tell what waits, our own calls in flight stand for the queue. Unknown KV use
/// counts as one half: neither attractive nor excluded.
public final class EndpointPicker {
    private static final double QUEUE_WEIGHT = 2;
    private static final double KV_WEIGHT = 2;
    private static final double UNKNOWN_KV = 0.5;

    private final RandomGenerator random;

    public EndpointPicker(RandomGenerator random) {
        this.random = random;
    }

    /// Where a call for `model` goes.
    public Pick pick(ModelName model, List<Candidate> candidates) {
        List<Candidate> ready = candidates.stream()
                .filter(candidate -> candidate.state().serves(model))
                .toList();
        if (ready.isEmpty()) {
            boolean known = candidates.stream()
                    .anyMatch(candidate -> candidate.state().models().containsKey(model));
            return known ? new Pick.NoneReady() : new Pick.UnknownModel();
        }
        int max = ready.stream().mapToInt(EndpointPicker::queue).max().orElse(0);
        int min = ready.stream().mapToInt(EndpointPicker::queue).min().orElse(0);
        Candidate best = ready.stream()
                .map(candidate -> new Scored(candidate, score(candidate, min, max), random.nextInt()))
                .max(Comparator.comparingDouble(Scored::score).thenComparingInt(Scored::lot))
                .orElseThrow()
                .candidate();
        return new Pick.Chosen(best.state().endpoint());
    }

    private record Scored(Candidate candidate, double score, int lot) {}

    private static double score(Candidate candidate, int min, int max) {
        double queueScore = max == min ? 1 : (double) (max - queue(candidate)) / (max - min);
        EngineLoad load = candidate.state().load();
        double kvUse = load == null ? UNKNOWN_KV : load.kvUse().orElse(UNKNOWN_KV);
        return QUEUE_WEIGHT * queueScore + KV_WEIGHT * (1 - kvUse);
    }

    private static int queue(Candidate candidate) {
        EngineLoad load = candidate.state().load();
        return load == null || load.waiting().isEmpty()
                ? candidate.inFlight()
                : load.waiting().getAsInt() + candidate.sentSinceLoad();
    }
}
