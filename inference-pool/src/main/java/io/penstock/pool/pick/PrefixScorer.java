package io.penstock.pool.pick;

import io.penstock.topics.id.ModelName;
import java.util.List;

/// The more of the prompt an endpoint was sent before, the better: its prefix cache has it, most likely.
final class PrefixScorer implements Scorer {
    @Override
    public double[] scores(ModelName model, List<Candidate> candidates) {
        return candidates.stream().mapToDouble(Candidate::promptShare).toArray();
    }
}
