package io.penstock.pool.pick;

import io.penstock.pool.EngineLoad;
import io.penstock.topics.id.ModelName;
import java.util.List;

/// The emptier the KV cache, the better: 1 − use. Unknown use scores one half: neither attractive nor
/// excluded.
final class KvScorer implements Scorer {
    private static final double UNKNOWN = 0.5;

    @Override
    public double[] scores(ModelName model, List<Candidate> candidates) {
        return candidates.stream().mapToDouble(KvScorer::score).toArray();
    }

    private static double score(Candidate candidate) {
        EngineLoad load = candidate.state().load();
        return load == null ? UNKNOWN : 1 - Math.clamp(load.kvUse().orElse(UNKNOWN), 0.0, 1.0);
    }
}
