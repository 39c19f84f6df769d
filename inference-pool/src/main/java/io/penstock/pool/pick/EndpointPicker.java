package io.penstock.pool.pick;

import io.penstock.topics.id.ModelName;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Picks the endpoint for an interactive call: of those that are ready, serve the model and take one
/// more call, the one with the highest sum of weight × score; of those that are at most 0.15 below it, the
/// one to which a call was sent longest ago, at random if none was.
///
/// Small differences are the chance of the moment, a call in a cache of hundreds. In turn, calls come to
/// each engine more evenly than by them.
///
/// Endpoints with no room are left out before scoring: the one that is picked is one that lets the call
/// in.
public final class EndpointPicker {
    /// Some 7 % of the cache by the default weights, and less than two states of an adapter differ by.
    private static final double EQUAL = 0.15;

    private final List<Weighted> scorers;
    private final Saturation saturation;
    private final RandomGenerator random;

    public EndpointPicker(PickPolicy policy, RandomGenerator random) {
        PickPolicy.Weights weights = policy.weights();
        this.scorers = List.of(
                new Weighted(weights.queue(), new QueueScorer()),
                new Weighted(weights.kv(), new KvScorer()),
                new Weighted(weights.prefix(), new PrefixScorer()),
                new Weighted(weights.adapter(), new AdapterScorer()));
        this.saturation = new Saturation(policy.limits());
        this.random = random;
    }

    /// Where `call` goes at `now`.
    public Pick pick(PickCall call, List<Candidate> candidates, Instant now) {
        ModelName model = call.model();
        List<Candidate> ready = candidates.stream()
                .filter(candidate -> candidate.state().serves(model))
                .toList();
        if (ready.isEmpty()) {
            return isKnown(call, candidates) ? new Pick.NoneReady() : new Pick.UnknownModel();
        }
        List<Candidate> good = ready.stream()
                .filter(candidate -> saturation.isGood(candidate, now))
                .toList();
        return good.isEmpty() ? new Pick.Saturated() : best(model, good);
    }

    private Pick best(ModelName model, List<Candidate> candidates) {
        double[] sums = new double[candidates.size()];
        for (Weighted weighted : scorers) {
            double[] scores = weighted.scorer().scores(model, candidates);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += weighted.weight() * scores[i];
            }
        }
        double enough = Arrays.stream(sums).max().orElseThrow() - EQUAL;
        Candidate best = IntStream.range(0, sums.length)
                .filter(i -> sums[i] >= enough)
                .mapToObj(i -> new Equal(candidates.get(i), random.nextInt()))
                .min(Comparator.comparing(Equal::lastSent).thenComparingInt(Equal::lot))
                .orElseThrow()
                .candidate();
        return new Pick.Chosen(best.state().endpoint(), best.promptShare());
    }

    /// An endpoint that has never told its models may serve what others have announced, and so may those that
    /// come back after all have gone.
    private static boolean isKnown(PickCall call, List<Candidate> candidates) {
        return (candidates.isEmpty() && call.announced())
                || candidates.stream()
                        .map(candidate -> candidate.state().models())
                        .anyMatch(models -> models.containsKey(call.model()) || (call.announced() && models.isEmpty()));
    }

    private record Weighted(double weight, Scorer scorer) {}

    private record Equal(Candidate candidate, int lot) {
        private Instant lastSent() {
            return candidate.ours().lastSent();
        }
    }
}
