package io.penstock.pool.pick;

import io.penstock.pool.EngineLoad;
import io.penstock.topics.id.ModelName;
import java.util.List;
import java.util.OptionalDouble;

/// The emptier the KV cache, the better: 1 − use. Unknown use is that of the others in the mean, one half if none is
/// known: neither attractive nor excluded.
final class KvScorer implements Scorer {
    private static final double UNKNOWN = 0.5;

    @Override
    public double[] scores(ModelName model, List<Candidate> candidates) {
        double mean = candidates.stream()
                .map(KvScorer::use)
                .flatMapToDouble(OptionalDouble::stream)
                .average()
                .orElse(UNKNOWN);
        return candidates.stream()
                .mapToDouble(candidate -> 1 - use(candidate).orElse(mean))
                .toArray();
    }

    private static OptionalDouble use(Candidate candidate) {
        EngineLoad load = candidate.state().load();
        return load == null || load.kvUse().isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.clamp(load.kvUse().getAsDouble(), 0.0, 1.0));
    }
}
